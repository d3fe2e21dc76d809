import { expect, test } from 'vitest';
import { findingsOf } from './testing.js';
import { cluster, kustomization, release } from './testing-cluster.js';
import { twoOwners } from './two-owners.js';

type Files = Readonly<Record<string, string>>;

const configMap = (colour: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web, namespace: default }\ndata: { colour: ${colour} }\n`;
const twoFolders = (one: string, other: string, spec = ''): Files => ({
  ...cluster({ 'apps/a.yaml': one, 'more/b.yaml': other }),
  'more.yaml': kustomization('more', './more', spec),
});
const messages = (files: Files): readonly string[] => findingsOf(twoOwners, files).map(({ message }) => message);

test('two Kustomizations that differ', () => {
  expect(findingsOf(twoOwners, twoFolders(configMap('red'), configMap('blue')))).toEqual([
    {
      at: 'apps/a.yaml:1:1',
      subject: 'ConfigMap default/web',
      message:
        'is applied by Kustomization flux-system/apps and Kustomization flux-system/more, which differ in data.colour and overwrite each other for ever; keep it in one of them',
      related: ['more/b.yaml:1:1 is applied by Kustomization flux-system/more too'],
    },
  ]);
});

test('two that agree: who gives it up deletes it', () => {
  expect(messages(twoFolders(configMap('red'), configMap('red')))[0]).toContain(
    'the first that gives it up deletes it from the cluster',
  );
});

test('silent: other clusters, and names that nobody knows', () => {
  expect(
    messages(twoFolders(configMap('red'), configMap('blue'), '  kubeConfig: { secretRef: { name: other } }\n')),
  ).toEqual([]);
  const named = configMap('red').replace('name: web', 'name: "${NAME}"');
  expect(messages(twoFolders(named, named))).toEqual([]);
});

const externalSecret = (name: string, target: string, more = ''): string => `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: ${name}, namespace: default }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: vault }
  target: { name: ${target}${more} }
`;

test('two ExternalSecrets that both own one Secret', () => {
  const files = cluster({ 'apps/a.yaml': externalSecret('db', 'db'), 'apps/b.yaml': externalSecret('db-sync', 'db') });
  expect(findingsOf(twoOwners, files)).toEqual([
    {
      at: 'apps/b.yaml:1:1',
      subject: 'Secret default/db',
      message:
        'is made by ExternalSecret default/db-sync and ExternalSecret default/db, each with creationPolicy Owner: only one can own it, and the others never become ready; remove the others, give them a target of their own, or let them add to it with creationPolicy Merge',
      related: ['apps/a.yaml:1:1 ExternalSecret default/db makes it too'],
    },
  ]);
});

const secret = (annotations: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: { name: db, namespace: default, annotations: { ${annotations} } }\nstringData: { a: "ENC[x]" }\nsops: { mac: x }\n`;

test('a manifest and an ExternalSecret, unless it is being handed over', () => {
  const files = (annotations: string): Files =>
    cluster({ 'apps/a.yaml': secret(annotations), 'apps/b.yaml': externalSecret('db', 'db') });
  expect(messages(files('a: b'))[0]).toContain(
    'which overwrite each other; remove one of them, or, while it is handed over',
  );
  expect(messages(files('kustomize.toolkit.fluxcd.io/prune: disabled'))).toEqual([]);
});

test.each([
  ['another target', externalSecret('db-sync', 'db-sync')],
  ['Merge', externalSecret('db-sync', 'db', ', creationPolicy: Merge')],
  ['Orphan', externalSecret('db-sync', 'db', ', creationPolicy: Orphan')],
])('silent: %s', (_, other) => {
  expect(messages(cluster({ 'apps/a.yaml': externalSecret('db', 'db'), 'apps/b.yaml': other }))).toEqual([]);
});

const storageClass =
  'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: ceph-bucket }\nprovisioner: x\n';

test('a chart renders it too, from its defaults or from the values', () => {
  const files = (values: string): Files =>
    cluster({ 'apps/class.yaml': storageClass, 'apps/rook.yaml': release('rook-ceph-cluster', 'v1.17.5', values) });
  expect(findingsOf(twoOwners, files('monitoring: { enabled: true }\n'))).toEqual([
    {
      at: 'apps/class.yaml:1:1',
      subject: 'StorageClass ceph-bucket',
      message:
        "is applied by Kustomization flux-system/apps and rendered by HelmRelease default/rook-ceph-cluster too, from the chart's default of cephObjectStores, which the values do not mention; Helm does not take over an object that it did not make, and the release fails: remove the manifest, or set values.cephObjectStores to what the chart is to make ([] for nothing)",
      related: ['apps/rook.yaml:1:1 HelmRelease default/rook-ceph-cluster renders it'],
    },
  ]);
  expect(
    messages(files('cephObjectStores: [{ name: s, storageClass: { enabled: true, name: ceph-bucket } }]\n'))[0],
  ).toContain('from values.cephObjectStores.0.storageClass');
  expect(messages(files('cephObjectStores: []\n'))).toEqual([]);
});

const installing = (name: string, namespace: string, spec = ''): string =>
  release('grafana', '1.0.0', 'a: 1\n', name, namespace).replace('  interval', `${spec}  interval`);

test('two HelmReleases that are one release of Helm', () => {
  const files = cluster({
    'apps/a.yaml': installing('grafana', 'monitoring'),
    'apps/b.yaml': installing('dashboards', 'monitoring', '  releaseName: grafana\n'),
  });
  expect(findingsOf(twoOwners, files)).toEqual([
    {
      at: 'apps/b.yaml:7:3',
      subject: 'HelmRelease monitoring/dashboards',
      message:
        "is the Helm release grafana in monitoring, and so is HelmRelease monitoring/grafana: each puts its own chart and values over the other's for ever, and the first that goes uninstalls it; give each a releaseName of its own, or keep one of them",
      related: ['apps/a.yaml:1:1 HelmRelease monitoring/grafana is the same Helm release'],
    },
  ]);
});

test('the default name has the target namespace in front', () => {
  const files = cluster({
    'apps/a.yaml': installing('grafana', 'a', '  targetNamespace: monitoring\n'),
    'apps/b.yaml': installing('grafana', 'b', '  targetNamespace: monitoring\n'),
  });
  expect(messages(files)[0]).toContain('is the Helm release monitoring-grafana in monitoring, and so is');
});

test.each([
  ['in namespaces of their own', installing('grafana', 'b')],
  ['of another name', installing('grafana', 'a', '  targetNamespace: a\n')],
  ['one suspended', installing('other', 'a', '  releaseName: grafana\n  suspend: true\n')],
  [
    'one of another cluster',
    installing('other', 'a', '  releaseName: grafana\n  kubeConfig: { secretRef: { name: x } }\n'),
  ],
  ['a name that nobody knows', installing('other', 'a', '  releaseName: ${NAME}\n')],
])('silent: HelmReleases %s', (_, other) => {
  expect(messages(cluster({ 'apps/a.yaml': installing('grafana', 'a'), 'apps/b.yaml': other }))).toEqual([]);
});
