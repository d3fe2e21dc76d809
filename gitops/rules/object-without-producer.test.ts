import { expect, test } from 'vitest';
import { objectWithoutProducer } from './object-without-producer.js';
import { findingsOf } from './testing.js';
import { cluster, kustomization, release } from './testing-cluster.js';

const claim = (storageClass: string): string => `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: default }
spec: { storageClassName: ${storageClass} }
`;
const storageClass = (name: string): string =>
  `apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: ${name} }\n`;
const found = (files: Readonly<Record<string, string>>): readonly string[] =>
  findingsOf(objectWithoutProducer, cluster(files)).map(({ subject, severity = 'error' }) => `${severity}: ${subject}`);

test('says what comes of it and what was probably meant', () => {
  const files = cluster({ 'apps/a.yaml': claim('ceph-blok'), 'apps/b.yaml': storageClass('ceph-block') });
  expect(findingsOf(objectWithoutProducer, files)).toEqual([
    {
      at: 'apps/a.yaml:4:9',
      subject: 'StorageClass ceph-blok',
      message:
        'is named by spec.storageClassName of PersistentVolumeClaim default/data, and no manifest or chart of the tree provides it; did you mean ceph-block: no volume of it is ever made; provide it, or name one that is there',
      related: [],
    },
  ]);
});

test('stores, issuers, configuration, and what a chart names', () => {
  const files = {
    'apps/a.yaml':
      'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: x, namespace: default }\nspec: { secretStoreRef: { kind: ClusterSecretStore, name: vault } }\n',
    'apps/b.yaml':
      'apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: { name: x, namespace: default }\nspec: { secretName: x, issuerRef: { kind: Issuer, name: ca } }\n',
    'apps/c.yaml':
      'apiVersion: v1\nkind: Pod\nmetadata: { name: x, namespace: default }\nspec: { volumes: [{ configMap: { name: files } }] }\n',
    'apps/d.yaml': release('volsync', '0.12.1', 'snapshotClassName: ceph\n'),
  };
  expect(found(files)).toEqual([
    'error: ClusterSecretStore vault',
    'error: Issuer default/ca',
    'error: ConfigMap default/files',
    'warning: VolumeSnapshotClass ceph',
  ]);
});

const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: { volumes: [{ configMap: { name: files } }] }\n';
const generator = (more: string): string =>
  `namespace: default\nconfigMapGenerator: [{ name: files, literals: [a=b] }]\n${more}`;

test('a generated name with a hash, which only the build of the generator knows', () => {
  const files = {
    'apps/a.yaml': kustomization('a', './a'),
    'apps/b.yaml': kustomization('b', './b'),
    'a/kustomization.yaml': generator(''),
    'b/kustomization.yaml': 'namespace: default\nresources: [pod.yaml]\n',
    'b/pod.yaml': pod,
  };
  expect(findingsOf(objectWithoutProducer, cluster(files)).map(({ at, message }) => `${at} ${message}`)).toEqual([
    expect.stringMatching(
      /^b\/pod.yaml:4:34 .* only under a name with a hash, which this field is not given: .*; set disableNameSuffixHash: true for the generator$/,
    ),
  ]);
});

test.each([
  [
    'a generator of a base of the same build',
    {
      'apps/kustomization.yaml': 'namespace: default\nresources: [pod.yaml, base]\n',
      'apps/pod.yaml': pod,
      'apps/base/kustomization.yaml': generator(''),
    },
  ],
  [
    'a generator of a component',
    {
      'apps/kustomization.yaml': 'namespace: default\nresources: [pod.yaml]\ncomponents: [../parts]\n',
      'apps/pod.yaml': pod,
      'parts/kustomization.yaml': generator('kind: Component\n'),
    },
  ],
  [
    'a generator of another Kustomization that adds no hash',
    {
      'apps/pod.yaml': pod.replace('name: x', 'name: x, namespace: default'),
      'apps/a.yaml': kustomization('a', './a'),
      'a/kustomization.yaml': generator('generatorOptions: { disableNameSuffixHash: true }\n'),
    },
  ],
  ['a manifest', { 'apps/a.yaml': claim('fast'), 'apps/b.yaml': storageClass('fast') }],
  ['a chart', { 'apps/a.yaml': claim('ceph-block'), 'apps/b.yaml': release('rook-ceph-cluster', 'v1.17.5', 'a: 1\n') }],
  [
    'a chart that nobody looked into',
    { 'apps/a.yaml': claim('fast'), 'apps/b.yaml': release('unheard-of', '1.0.0', 'a: 1\n') },
  ],
  [
    'what the chart itself makes',
    {
      'apps/a.yaml': release(
        'airflow',
        '1.16.0',
        'volumes: [{ persistentVolumeClaim: { claimName: airflow-logs } }]\n',
      ),
    },
  ],
])('silent: %s', (_, files: Readonly<Record<string, string>>) => {
  expect(found(files)).toEqual([]);
});

test('a claim that a chart is given from elsewhere', () => {
  expect(found({ 'apps/a.yaml': release('airflow', '1.16.0', 'logs: { existingClaim: airflow-logs }\n') })).toEqual([
    'warning: PersistentVolumeClaim default/airflow-logs',
  ]);
});
