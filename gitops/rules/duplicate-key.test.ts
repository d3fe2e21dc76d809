import { expect, test } from 'vitest';
import { duplicateKey } from './duplicate-key.js';
import { findingsOf } from './testing.js';

test('a key given twice points at the second and names the first', () => {
  const files = {
    'apps/airflow/ks.yaml': `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: airflow, namespace: flux-system }
spec:
  targetNamespace: airflow
  interval: 1h
  targetNamespace: airflow
`,
  };
  expect(findingsOf(duplicateKey, files)).toEqual([
    {
      at: 'apps/airflow/ks.yaml:7:3',
      subject: 'Kustomization airflow',
      message:
        'spec.targetNamespace is given twice in one mapping (lines 5 and 7), and kustomize refuses the whole file; keep the one that is meant and remove the other',
      related: ['apps/airflow/ks.yaml:5:3 spec.targetNamespace is given here first'],
    },
  ]);
});

test('every place is found: in lists, in flow style, in a later document, a third time', () => {
  const files = {
    'a.yaml': `list:
  - name: x
    name: y
---
flow: { b: 1, b: 2 }
b: 1
b: 2
"b": 3
`,
  };
  expect(findingsOf(duplicateKey, files).map(({ at }) => at)).toEqual([
    'a.yaml:3:5',
    'a.yaml:5:15',
    'a.yaml:7:1',
    'a.yaml:8:1',
  ]);
});

test('silent: the same key in two mappings, in two documents, and merged over', () => {
  const files = { 'a.yaml': 'base: &base { a: 1 }\nover:\n  <<: *base\n  a: 2\n---\nbase: 1\n' };
  expect(findingsOf(duplicateKey, files)).toEqual([]);
});
