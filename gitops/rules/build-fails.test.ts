import { expect, test } from 'vitest';
import { buildFails } from './build-fails.js';
import { findingsOf } from './testing.js';
import { cluster, kustomization } from './testing-cluster.js';

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: default }\n';

test('one file that does not parse stops all that a root builds', () => {
  const files = cluster({
    'apps/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n',
    'apps/a.yaml': 'spec:\n  path: a\n  path: b\n',
    'apps/b.yaml': kustomization('b', './b'),
    'b/a.yaml': '',
  });
  expect(findingsOf(buildFails, files)).toEqual([
    {
      at: 'apps/a.yaml:3:3',
      subject: 'Kustomization flux-system/apps',
      message: expect.stringMatching(
        /^apps\/a\.yaml does not parse: .*: kustomize build of apps fails, which stops Kustomization flux-system\/apps, and with it Kustomization flux-system\/b, which it applies or holds back; correct the file$/,
      ),
    },
  ]);
});

test.each([
  [
    'an empty kustomization',
    { 'apps/kustomization.yaml': 'resources: [x]\n', 'apps/x/kustomization.yaml': 'kind: Kustomization\n' },
    'is empty',
  ],
  [
    'two of them',
    { 'apps/kustomization.yaml': 'resources: [a.yaml]\n', 'apps/kustomization.yml': 'resources: [a.yaml]\n' },
    'keep one',
  ],
  [
    'a field that is none',
    { 'apps/kustomization.yaml': 'resources: [a.yaml]\nressources: [b.yaml]\n' },
    "ressources is no field of a kustomization: kustomize refuses the file, and Flux, which reads that at a Kustomization's own path less strictly, leaves out what stands there; correct the field",
  ],
  [
    'a field that is none, of a file that another names',
    {
      'apps/kustomization.yaml': 'resources: [x]\n',
      'apps/x/kustomization.yaml': 'resources: [a.yaml]\nressources: [b.yaml]\n',
      'apps/x/a.yaml': configMap,
    },
    'ressources is no field of a kustomization: kustomize build of apps fails',
  ],
  [
    'a number where only text is taken',
    { 'apps/kustomization.yaml': 'resources: [a.yaml]\nimages: [{ name: x, newTag: 1.10 }]\n' },
    'images.0.newTag is a number, and kustomize takes only text: kustomize build of apps fails',
  ],
  [
    'an entry with nothing in it',
    { 'apps/kustomization.yaml': 'resources: [a.yaml, ""]\n' },
    'resources.1 is empty: kustomize build of apps fails',
  ],
  [
    'a document without a kind',
    { 'apps/kustomization.yaml': 'resources: [values.yaml]\n', 'apps/values.yaml': 'a: 1\n' },
    'no apiVersion or no kind',
  ],
  [
    'a component among the resources',
    {
      'apps/kustomization.yaml': 'resources: [x]\n',
      'apps/x/kustomization.yaml': 'kind: Component\nresources: [a.yaml]\n',
      'apps/x/a.yaml': configMap,
    },
    'list it in components',
  ],
  [
    'a folder among the components',
    {
      'apps/kustomization.yaml': 'components: [x]\n',
      'apps/x/kustomization.yaml': 'resources: [a.yaml]\n',
      'apps/x/a.yaml': configMap,
    },
    'is no Component',
  ],
  [
    'a patch of nothing',
    {
      'apps/kustomization.yaml': `resources: [a.yaml]\npatches:\n  - patch: |\n      ${configMap.replace('name: a', 'name: b').trim().replaceAll('\n', '\n      ')}\n`,
    },
    'which is not built here',
  ],
  [
    'what lies outside',
    { 'apps/kustomization.yaml': 'resources: [a.yaml, ../../other]\n' },
    'is outside of the repository',
  ],
])('%s', (_, files, said) => {
  const found = findingsOf(buildFails, cluster({ 'apps/a.yaml': configMap, ...files }));
  expect(found.map(({ message }) => message)).toEqual([expect.stringContaining(said)]);
  expect(found[0]?.at).toMatch(/^apps\//);
});

test('a variable that Flux refuses', () => {
  const files = cluster(
    { 'apps/a.yaml': `${configMap}data: { script: "\${1BAD VAR}" }\n` },
    '  postBuild: { substitute: { A: a } }\n',
  );
  expect(findingsOf(buildFails, files)).toMatchObject([
    { at: 'apps/a.yaml:4:9', message: expect.stringContaining('Flux refuses the expression') },
  ]);
});

const settings = (keys: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: flux-system }\ndata: ${keys}\n`;

test('a name that no variable can have, given and never used', () => {
  const files = cluster({ 'apps/a.yaml': configMap }, '  postBuild:\n    substitute: { A: a, my-var: b }\n');
  expect(findingsOf(buildFails, files)).toEqual([
    {
      at: 'cluster.yaml:15:25',
      subject: 'Kustomization flux-system/apps',
      message:
        'my-var is no name of a variable: Flux refuses it, and applies nothing of a Kustomization that is given it; name it with letters, digits and underscores, and no digit first',
    },
  ]);
});

test('a key of the ConfigMap that they read, once for all of them', () => {
  const from = '  postBuild: { substituteFrom: [{ kind: ConfigMap, name: settings }] }\n';
  const files = {
    ...cluster({ 'apps/a.yaml': configMap }, from),
    'flux.yaml': kustomization('flux', './flux'),
    'flux/settings.yaml': settings('{ cluster.name: a, CLUSTER_NAME: b }'),
    'more.yaml': kustomization('more', './more', from),
    'more/b.yaml': configMap.replace('name: a', 'name: b'),
  };
  expect(findingsOf(buildFails, files)).toMatchObject([
    {
      at: 'flux/settings.yaml:4:9',
      subject: 'Kustomization flux-system/apps and Kustomization flux-system/more',
      message: expect.stringMatching(/^cluster\.name is no name of a variable/),
    },
  ]);
});

test.each([
  ['every name is one', configMap, '{ _a1: a, B: b }'],
  [
    'nothing is put into what says so',
    configMap.replace('{ name: a', '{ annotations: { kustomize.toolkit.fluxcd.io/substitute: disabled }, name: a'),
    '{ my-var: a }',
  ],
])('silent: %s', (_, text, substitute) => {
  const files = cluster({ 'apps/a.yaml': text }, `  postBuild: { substitute: ${substitute} }\n`);
  expect(findingsOf(buildFails, files)).toEqual([]);
});

test('silent: what builds', () => {
  expect(findingsOf(buildFails, cluster({ 'apps/a.yaml': configMap }))).toEqual([]);
});
