import { expect, test } from 'vitest';
import { kustomizeCycle } from './kustomize-cycle.js';
import { findingsOf } from './testing.js';
import { cluster } from './testing-cluster.js';

test('says the way round', () => {
  const files = cluster({
    'apps/kustomization.yaml': 'resources: [a]\n',
    'apps/a/kustomization.yaml': 'resources: [b]\n',
    'apps/a/b/kustomization.yaml': 'resources: [../../a]\n',
  });
  expect(findingsOf(kustomizeCycle, files)).toMatchObject([
    {
      at: 'apps/a/b/kustomization.yaml:1:13',
      subject: 'Kustomization flux-system/apps',
      message: expect.stringContaining('apps/a -> apps/a/b -> apps/a: kustomize build of apps fails'),
    },
  ]);
});

test('silent: two ways to one folder', () => {
  const files = cluster({
    'apps/kustomization.yaml': 'resources: [a, b]\n',
    'apps/a/kustomization.yaml': 'resources: [../c]\n',
    'apps/b/kustomization.yaml': 'resources: [../c]\n',
    'apps/c/kustomization.yaml': 'resources: [d.yaml]\n',
    'apps/c/d.yaml': '',
  });
  expect(findingsOf(kustomizeCycle, files)).toEqual([]);
});
