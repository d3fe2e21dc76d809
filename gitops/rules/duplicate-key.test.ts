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

test('of a kustomization the last counts, and what the first lists is not built', () => {
  const files = {
    'apps/kustomization.yaml': `resources: [a.yaml, b.yaml]
images: [{ name: x, newTag: "1", newTag: "2" }]
resources: [b.yaml]
`,
  };
  expect(findingsOf(duplicateKey, files).map(({ at, message }) => [at, message])).toEqual([
    [
      'apps/kustomization.yaml:2:34',
      'images.0.newTag is given twice in one mapping (lines 2 and 2), and kustomize takes only the last: what line 2 says does not count; put what is meant into one of them and remove the other',
    ],
    [
      'apps/kustomization.yaml:3:1',
      'resources is given twice in one mapping (lines 1 and 3), and kustomize takes only the last: a.yaml is not built, and Flux deletes what it applied of it where it prunes; put what is meant into one of them and remove the other',
    ],
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
