import { expect, test } from 'vitest';
import { missingPath } from './missing-path.js';
import { findingsOf } from './testing.js';
import { cluster, kustomization } from './testing-cluster.js';

test('says which folder may be meant', () => {
  const files = cluster({
    'apps/grafana.yaml': kustomization('grafana', './monitoring/graphana'),
    'monitoring/grafana/kustomization.yaml': 'resources: []\n',
  });
  expect(findingsOf(missingPath, files)).toEqual([
    {
      at: 'apps/grafana.yaml:8:3',
      subject: 'Kustomization flux-system/grafana',
      message: 'spec.path ./monitoring/graphana is no folder of this repository; did you mean ./monitoring/grafana',
    },
  ]);
});

test('a file is no folder', () => {
  const files = cluster({ 'apps/a.yaml': kustomization('a', './a/app.yaml'), 'a/app.yaml': '' });
  expect(findingsOf(missingPath, files)[0]?.message).toBe('spec.path ./a/app.yaml is a file; name its folder');
});

test.each([
  ['a folder that is there', kustomization('a', './a')],
  ['a variable', kustomization('a', './${CLUSTER}/a')],
  ['another repository', kustomization('a', './b').replaceAll('name: flux-system', 'name: other')],
])('silent: %s', (_, text) => {
  const other =
    'apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: other, namespace: flux-system }\nspec: { url: https://a.example }\n';
  const files = cluster({ 'apps/a.yaml': text, 'apps/other.yaml': other, 'a/a.yaml': '' });
  expect(findingsOf(missingPath, files)).toEqual([]);
});
