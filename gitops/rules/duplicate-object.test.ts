import { expect, test } from 'vitest';
import { duplicateObject } from './duplicate-object.js';
import { findingsOf } from './testing.js';
import { cluster } from './testing-cluster.js';

const namespace = (name: string, labels = '') =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n${labels}`;
const privileged = '  labels: { pod-security.kubernetes.io/enforce: privileged }\n';

const files = cluster({
  'apps/kustomization.yaml': 'resources: [storage]\n',
  'apps/storage/kustomization.yaml':
    'namespace: storage\ncomponents: [../../components/common]\nresources: [namespace.yaml]\n',
  'apps/storage/namespace.yaml': namespace('storage', privileged),
  'components/common/kustomization.yaml': 'kind: Component\nresources: [namespace.yaml]\n',
  'components/common/namespace.yaml': namespace('not-used'),
});

test('a Namespace that a component brings too: both files, the folder, and the labels that would go', () => {
  expect(findingsOf(duplicateObject, files)).toEqual([
    {
      at: 'apps/storage/namespace.yaml:1:1',
      subject: 'Namespace storage',
      message:
        'apps/storage builds it twice: apps/storage/namespace.yaml and components/common/namespace.yaml, whose name "not-used" the namespace transformer rewrites; kustomize build of apps fails, which stops Kustomization flux-system/apps; keep one of them, and with it what the other brings: apps/storage/namespace.yaml alone has label pod-security.kubernetes.io/enforce',
      related: ['components/common/namespace.yaml:1:1 Namespace storage is declared here too'],
    },
  ]);
});

test('a file that is listed twice', () => {
  const twice = cluster({
    'apps/kustomization.yaml': 'resources: [a.yaml, ./a.yaml]\n',
    'apps/a.yaml': namespace('a'),
  });
  expect(findingsOf(duplicateObject, twice)).toMatchObject([
    {
      at: 'apps/kustomization.yaml:1:21',
      message: expect.stringContaining('apps lists its file twice; kustomize build of apps fails'),
    },
  ]);
});

test('silent: two builds that give it, and one that does', () => {
  const once = {
    ...files,
    'apps/storage/kustomization.yaml': 'namespace: storage\ncomponents: [../../components/common]\n',
  };
  expect(findingsOf(duplicateObject, once)).toEqual([]);
});
