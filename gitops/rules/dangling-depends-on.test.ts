import { expect, test } from 'vitest';
import { readRepository } from '../model/read-repository.js';
import { treeOfTexts } from '../source/file-tree.js';
import { editYaml } from '../yaml/edit-yaml.js';
import { danglingDependsOn } from './dangling-depends-on.js';
import { findingsOf } from './testing.js';
import { cluster, kustomization, release } from './testing-cluster.js';

const folder = (namespace: string, ...resources: readonly string[]) =>
  `kind: Kustomization\nnamespace: ${namespace}\nresources: [${resources.join(', ')}]\n`;

/** `storage/disk` and `monitoring/grafana`, which depends on what is given; both files say flux-system. */
const apps = (dependency: string, more: Readonly<Record<string, string>> = {}) =>
  cluster({
    'apps/kustomization.yaml': 'kind: Kustomization\nresources: [storage, monitoring]\n',
    'apps/storage/kustomization.yaml': folder('storage', 'disk.yaml'),
    'apps/storage/disk.yaml': kustomization('disk', './disk'),
    'apps/monitoring/kustomization.yaml': folder('monitoring', 'grafana.yaml'),
    'apps/monitoring/grafana.yaml': kustomization('grafana', './grafana', `  dependsOn:\n    - ${dependency}\n`),
    'disk/a.yaml': '',
    'grafana/a.yaml': '',
    ...more,
  });

const messages = (files: Readonly<Record<string, string>>) =>
  findingsOf(danglingDependsOn, files).map(({ message }) => message);

test('the namespace of the folder is in effect, whatever the file says', () => {
  expect(findingsOf(danglingDependsOn, apps('{ name: disk, namespace: flux-system }'))).toEqual([
    {
      at: 'apps/monitoring/grafana.yaml:15:7',
      subject: 'Kustomization monitoring/grafana',
      message: 'depends on flux-system/disk, which no Kustomization provides; did you mean namespace storage',
      related: [
        'apps/storage/kustomization.yaml:2:1 is in namespace storage; metadata.namespace flux-system is overridden here',
      ],
    },
  ]);
  expect(messages(apps('{ name: disk, namespace: storage }'))).toEqual([]);
});

test.each([
  [
    'an omitted namespace is that of the dependent',
    '{ name: disk }',
    'depends on monitoring/disk, which no Kustomization provides; an omitted namespace means the namespace of the dependent; did you mean namespace storage',
  ],
  [
    'the nearest name',
    '{ name: disk-ready }',
    'depends on monitoring/disk-ready, which no Kustomization provides; the nearest name is storage/disk',
  ],
  [
    'never what applies it',
    '{ name: apps-ready }',
    'depends on monitoring/apps-ready, which no Kustomization provides; add it, or take the dependency away',
  ],
])('%s', (_, dependency, message) => {
  expect(messages(apps(dependency))).toEqual([message]);
});

test('one that nothing applies is named with its file', () => {
  const files = apps('{ name: loki }', { 'apps/monitoring/loki.yaml': kustomization('loki', './loki') });
  expect(messages(files)).toEqual([
    'depends on monitoring/loki, which no Kustomization provides; apps/monitoring/loki.yaml has one of that name, but nothing applies it',
  ]);
});

test('releases depend on releases, never on Kustomizations', () => {
  const dependent = release('grafana', '1.0.0', 'a: 1\n').replace(
    '  interval',
    '  dependsOn: [{ name: disk }]\n  interval',
  );
  const files = cluster({
    'apps/release.yaml': dependent,
    'apps/disk.yaml': kustomization('disk', './disk', '', 'default'),
  });
  expect(findingsOf(danglingDependsOn, files)).toMatchObject([
    {
      subject: 'HelmRelease default/grafana',
      message: expect.stringContaining('default/disk, which no HelmRelease provides'),
    },
  ]);
});

test('a Kustomization of another repository may bring it', () => {
  const other = `kind: GitRepository\napiVersion: source.toolkit.fluxcd.io/v1\nmetadata: { name: other, namespace: flux-system }\nspec: { url: https://example.com/other }\n`;
  const files = apps('{ name: database }', {
    'apps/storage/disk.yaml': kustomization('disk', './disk').replace('name: flux-system', 'name: other'),
    'apps/storage/other.yaml': other,
    'apps/storage/kustomization.yaml': 'kind: Kustomization\nresources: [disk.yaml, other.yaml]\n',
  });
  expect(findingsOf(danglingDependsOn, files)).toMatchObject([
    { severity: 'warning', message: expect.stringMatching(/unless Kustomization flux-system\/disk brings it/) },
  ]);
});

test.each([
  ['a variable in the name', '{ name: "${APP}" }', {}],
  ['a file that does not parse and may have it', '{ name: loki }', { 'apps/storage/disk.yaml': 'a: b: c' }],
])('silent: %s', (_, dependency, more) => {
  expect(messages(apps(dependency, more))).toEqual([]);
});

test('silent: the Kustomization that a FluxInstance syncs', () => {
  const instance = `apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: { name: flux, namespace: flux-system }\nspec: { sync: { kind: GitRepository, url: https://example.com/a, path: apps } }\n`;
  const files = {
    'apps/a.yaml': kustomization('a', './a', '  dependsOn: [{ name: flux-system }]\n'),
    'a/a.yaml': '',
    'apps/flux.yaml': instance,
  };
  expect(messages(files)).toEqual([]);
});

test('the fix sets the one namespace that can be meant', () => {
  const files = apps('name: disk\n      namespace: flux-system');
  const [finding] = [...danglingDependsOn.check(readRepository(treeOfTexts(files)))];
  const [[file, edits]] = Object.entries(finding!.fix!.edits) as [[string, never[]]];
  const text = files[file]!.replace(/(- name: disk\n +namespace: )flux-system/, '$1storage');
  expect(editYaml(files[file]!, edits)).toMatchObject({ status: 'edited', text });
});
