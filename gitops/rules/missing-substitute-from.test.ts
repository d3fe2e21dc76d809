import { expect, test } from 'vitest';
import { missingSubstituteFrom } from './missing-substitute-from.js';
import { findingsOf } from './testing.js';
import { cluster, kustomization } from './testing-cluster.js';

const reader = (name: string, kind = 'ConfigMap', optional = '') =>
  kustomization(
    name,
    `./${name}`,
    `  postBuild:\n    substituteFrom:\n      - kind: ${kind}\n        name: settings\n${optional}`,
    'monitoring',
  );
const settings = (namespace: string, kind = 'ConfigMap') =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: { name: settings, namespace: ${namespace} }\n`;
const messages = (files: Readonly<Record<string, string>>) =>
  findingsOf(missingSubstituteFrom, cluster({ 'a/a.yaml': '', 'b/b.yaml': '', ...files })).map(
    ({ message }) => message,
  );

test('it looks only in its own namespace', () => {
  const files = cluster({ 'apps/a.yaml': reader('a'), 'apps/settings.yaml': settings('flux-system'), 'a/a.yaml': '' });
  expect(findingsOf(missingSubstituteFrom, files)).toEqual([
    {
      at: 'apps/a.yaml:17:9',
      subject: 'Kustomization monitoring/a',
      message:
        "reads variables from ConfigMap settings, which nothing makes in namespace monitoring, so that it never applies anything; it is made in flux-system, and substituteFrom looks only in the Kustomization's own namespace: make it there, or say optional: true",
    },
  ]);
});

test('a patch that gives it to all of them is one place', () => {
  const patch = `  patches:\n    - target: { kind: Kustomization }\n      patch: |\n        apiVersion: kustomize.toolkit.fluxcd.io/v1\n        kind: Kustomization\n        metadata: { name: all }\n        spec:\n          postBuild:\n            substituteFrom:\n              - kind: ConfigMap\n                name: settings\n`;
  const files = cluster(
    {
      'apps/a.yaml': kustomization('a', './a'),
      'apps/b.yaml': kustomization('b', './b'),
      'a/a.yaml': '',
      'b/b.yaml': '',
    },
    patch,
  );
  expect(findingsOf(missingSubstituteFrom, files)).toMatchObject([
    { at: 'cluster.yaml:24:17', subject: 'Kustomization flux-system/a and Kustomization flux-system/b' },
  ]);
});

test.each([
  ['nothing near', { 'apps/a.yaml': reader('a') }, 'make it there, or say optional: true'],
  [
    'a generator with a hash',
    {
      'apps/kustomization.yaml':
        'namespace: monitoring\nresources: [a.yaml]\nconfigMapGenerator: [{ name: settings, literals: [A=a] }]\n',
      'apps/a.yaml': reader('a'),
    },
    'set disableNameSuffixHash: true',
  ],
])('%s', (_, files, said) => {
  expect(messages(files as Readonly<Record<string, string>>)).toEqual([expect.stringContaining(said)]);
});

test.each([
  ['it is there', { 'apps/a.yaml': reader('a'), 'apps/settings.yaml': settings('monitoring') }],
  ['optional', { 'apps/a.yaml': reader('a', 'ConfigMap', '        optional: true\n') }],
  [
    'an ExternalSecret makes it',
    {
      'apps/a.yaml': reader('a', 'Secret'),
      'apps/external.yaml':
        'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: x, namespace: monitoring }\nspec: { target: { name: settings } }\n',
    },
  ],
  [
    'a template of the bootstrap makes it',
    {
      'apps/a.yaml': reader('a', 'Secret'),
      'bootstrap/secrets.yaml.j2': settings('monitoring', 'Secret').replace(
        '{ name: settings, namespace: monitoring }',
        '\n  name: settings\n  namespace: monitoring',
      ),
    },
  ],
])('silent: %s', (_, files) => {
  expect(messages(files as Readonly<Record<string, string>>)).toEqual([]);
});
