import { expect, test } from 'vitest';
import { lint } from '../lint/lint.js';
import { readRepository } from '../model/read-repository.js';
import { treeOfTexts } from '../source/file-tree.js';
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

const gitRepository = (name: string): string =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: ${name}, namespace: flux-system }\nspec: { url: https://a.example }\n`;
const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: default }\n';
const bootstrap = (path: string): string => `${gitRepository('flux-system')}---\n${kustomization('flux-system', path)}`;

test.each([
  [
    'that flux bootstrap wrote',
    {
      'clusters/production/flux-system/gotk-sync.yaml': bootstrap('./cluster/production'),
      'clusters/production/a.yaml': configMap,
    },
  ],
  [
    'whose children have folders',
    {
      'clusters/production/flux-system/gotk-sync.yaml': bootstrap('./cluster/production'),
      'clusters/production/apps.yaml': kustomization('apps', './apps'),
      'apps/a.yaml': configMap,
    },
  ],
  [
    'of the second cluster',
    {
      'clusters/production/flux-system/gotk-sync.yaml': bootstrap('./cluster/production'),
      'clusters/production/a.yaml': configMap,
      'clusters/staging/flux-system/gotk-sync.yaml': bootstrap('./clusters/staging'),
    },
  ],
  [
    'beside one that is right',
    {
      'cluster.yaml': `${kustomization('apps', './apps')}---\n${kustomization('flux-system', './cluster/production')}`,
      'apps/a.yaml': configMap,
      'clusters/production/a.yaml': configMap,
    },
  ],
])('a root %s', (_, files: Readonly<Record<string, string>>) => {
  const repository = treeOfTexts(files);
  const { findings } = lint(readRepository(repository), { now: 0, only: new Set(['missing-path']) });
  expect(findings.map(({ message }) => message)).toEqual([
    'spec.path ./cluster/production is no folder of this repository; did you mean ./clusters/production',
  ]);
});

test.each(['', 'production/'])('silent: a root of a folder that is only a part of a repository: %j', (above) => {
  const files = {
    [`${above}flux-system/gotk-sync.yaml`]: bootstrap('./clusters/production'),
    [`${above}a.yaml`]: configMap,
  };
  expect(findingsOf(missingPath, files)).toEqual([]);
});

test('silent: a root of before the FluxInstance', () => {
  const files = {
    'flux.yaml':
      'apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: { name: flux, namespace: flux-system }\nspec: { sync: { kind: GitRepository, url: https://a.example, path: clusters/production } }\n',
    'clusters/production/a.yaml': configMap,
    'old/gotk-sync.yaml': bootstrap('./cluster/production'),
  };
  expect(findingsOf(missingPath, files)).toEqual([]);
});

test.each([
  ['a template', { 'docs/ks.yaml': kustomization('<app>', './apps/<app>') }],
  ['what nothing applies and nothing shows to be a root', { 'archive/ks.yaml': kustomization('old', './old') }],
  [
    'another repository, with its source',
    {
      'more/ks.yaml': `${gitRepository('podinfo')}---\n${kustomization('podinfo', './kustomize').replaceAll('name: flux-system', 'name: podinfo')}`,
    },
  ],
  [
    'what a folder that Flux builds leaves out',
    { 'apps/kustomization.yaml': 'resources: [a.yaml]\n', 'apps/old.yaml': bootstrap('./old') },
  ],
])('silent: %s', (_, files: Readonly<Record<string, string>>) => {
  expect(findingsOf(missingPath, cluster({ 'apps/a.yaml': configMap, ...files }))).toEqual([]);
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
