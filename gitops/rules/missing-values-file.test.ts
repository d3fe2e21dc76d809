import { expect, test } from 'vitest';
import { missingValuesFile } from './missing-values-file.js';
import { findingsOf } from './testing.js';
import { cluster, kustomization, release } from './testing-cluster.js';

const grafana = (from: string) => `${release('grafana', '1.0.0', 'a: 1\n')}  valuesFrom:\n    - ${from}\n`;
const configMap = (namespace: string, data = 'values.yaml: "a: 1"') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: values, namespace: ${namespace} }\ndata: { ${data} }\n`;
const generator = (more = '') =>
  `namespace: default\nresources: [grafana.yaml]\nconfigMapGenerator: [{ name: values, files: [values.yaml] }]\n${more}`;
const messages = (files: Readonly<Record<string, string>>) =>
  findingsOf(missingValuesFile, cluster(files)).map(({ message }) => message);

test('says where it is looked for, and what may be meant', () => {
  const files = cluster({
    'apps/grafana.yaml': grafana('{ kind: ConfigMap, name: values }'),
    'apps/values.yaml': configMap('monitoring'),
  });
  expect(findingsOf(missingValuesFile, files)).toEqual([
    {
      at: 'apps/grafana.yaml:19:26',
      subject: 'HelmRelease default/grafana',
      message:
        'takes values from ConfigMap values, which nothing makes in namespace default, so that the chart is never installed; make it there, or say optional: true; did you mean namespace monitoring',
    },
  ]);
});

test.each([
  [
    'a key that it has not',
    {
      'apps/grafana.yaml': grafana('{ kind: ConfigMap, name: values }'),
      'apps/values.yaml': configMap('default', 'helm.yaml: "a: 1"'),
    },
    'which has no key values.yaml, only helm.yaml; name the key in valuesKey',
  ],
  [
    'a hash in the name',
    {
      'apps/kustomization.yaml': generator(),
      'apps/grafana.yaml': grafana('{ kind: ConfigMap, name: values }'),
      'apps/values.yaml': 'a: 1\n',
    },
    'under a name with a hash, and kustomize is not told to put that name here',
  ],
  [
    'a hash in the name, of another Kustomization',
    {
      'apps/grafana.yaml': grafana('{ kind: ConfigMap, name: values }'),
      'apps/values.yaml': kustomization('values', './values'),
      'values/kustomization.yaml': generator('configurations: [names.yaml]\n').replace(
        'resources: [grafana.yaml]\n',
        '',
      ),
      'values/names.yaml':
        'nameReference: [{ kind: ConfigMap, fieldSpecs: [{ path: spec/valuesFrom/name, kind: HelmRelease }] }]\n',
      'values/values.yaml': 'a: 1\n',
    },
    'which another Kustomization generates under a name with a hash; set disableNameSuffixHash: true',
  ],
  [
    'what is no YAML',
    {
      'apps/grafana.yaml': grafana('{ kind: ConfigMap, name: values }'),
      'apps/values.yaml': configMap('default', 'values.yaml: "a: b: c"'),
    },
    'whose values.yaml is no YAML (apps/values.yaml); correct it',
  ],
  [
    'a Secret',
    { 'apps/grafana.yaml': grafana('{ kind: Secret, name: values }') },
    'takes values from Secret values, which nothing makes',
  ],
])('%s', (_, files, said) => {
  expect(messages(files as Readonly<Record<string, string>>)).toEqual([expect.stringContaining(said)]);
});

const nameReference =
  'nameReference: [{ kind: ConfigMap, version: v1, fieldSpecs: [{ path: spec/valuesFrom/name, kind: HelmRelease }] }]\n';

test.each([
  [
    'it is there',
    { 'apps/grafana.yaml': grafana('{ kind: ConfigMap, name: values }'), 'apps/values.yaml': configMap('default') },
  ],
  ['optional', { 'apps/grafana.yaml': grafana('{ kind: ConfigMap, name: values, optional: true }') }],
  [
    'kustomize is told of the name',
    {
      'apps/kustomization.yaml': generator('configurations: [config.yaml]\n'),
      'apps/config.yaml': nameReference,
      'apps/grafana.yaml': grafana('{ kind: ConfigMap, name: values }'),
      'apps/values.yaml': 'a: 1\n',
    },
  ],
  ['a variable', { 'apps/grafana.yaml': grafana('{ kind: ConfigMap, name: "${VALUES}" }') }],
])('silent: %s', (_, files) => {
  expect(messages(files as Readonly<Record<string, string>>)).toEqual([]);
});
