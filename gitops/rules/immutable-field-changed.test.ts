import { expect, test } from 'vitest';
import { immutableFieldChanged } from './immutable-field-changed.js';
import { changeFindingsOf } from './testing.js';
import { cluster, release } from './testing-cluster.js';

const object = (apiVersion: string, kind: string, fields: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a, namespace: default }\n${fields}\n`;
const change = (before: string, after: string, spec = ''): ReturnType<typeof changeFindingsOf> =>
  changeFindingsOf(
    immutableFieldChanged,
    cluster({ 'apps/a.yaml': before }, spec),
    cluster({ 'apps/a.yaml': after }, spec),
  );

const storageClass = (policy: string): string =>
  object('storage.k8s.io/v1', 'StorageClass', `reclaimPolicy: ${policy}`);

test('says from what to what, and what deleting it comes to', () => {
  expect(change(storageClass('Delete'), storageClass('Retain'))).toEqual([
    {
      at: 'apps/a.yaml:4:1',
      subject: 'StorageClass a',
      message:
        'reclaimPolicy changes from Delete to Retain, and it cannot change in the cluster; take it back, or make an object of another name and move to it; deleting this one first means: volumes that are there keep what they were made with',
      related: ['apps/a.yaml:4:1 was here, before the change'],
    },
  ]);
});

test('with force Flux makes it anew, which is only a warning', () => {
  const [finding] = change(storageClass('Delete'), storageClass('Retain'), '  force: true\n');
  expect([finding?.severity, finding?.message]).toEqual([
    'warning',
    expect.stringContaining('with force, Flux deletes the object'),
  ]);
});

test.each([
  ['apps/v1', 'StatefulSet', 'spec: { serviceName: a }', 'spec: { serviceName: b }', 'spec.serviceName'],
  [
    'apps/v1',
    'StatefulSet',
    'spec: { volumeClaimTemplates: [{ spec: { resources: { requests: { storage: 1Gi } } } }] }',
    'spec: { volumeClaimTemplates: [{ spec: { resources: { requests: { storage: 2Gi } } } }] }',
    'spec.volumeClaimTemplates.0.spec.resources.requests.storage',
  ],
  [
    'apps/v1',
    'Deployment',
    'spec: { selector: { matchLabels: { a: b } } }',
    'spec: { selector: { matchLabels: { a: c } } }',
    'spec.selector.matchLabels.a',
  ],
  [
    'v1',
    'PersistentVolumeClaim',
    'spec: { storageClassName: a }',
    'spec: { storageClassName: b }',
    'spec.storageClassName',
  ],
  ['v1', 'PersistentVolumeClaim', 'spec: {}', 'spec: { dataSourceRef: { name: b } }', 'spec.dataSourceRef'],
  ['v1', 'Service', 'spec: { clusterIP: 10.0.0.1 }', 'spec: { clusterIP: 10.0.0.2 }', 'spec.clusterIP'],
  ['batch/v1', 'Job', 'spec: { template: { a: 1 } }', 'spec: { template: { a: 2 } }', 'spec.template.a'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding', 'roleRef: { name: a }', 'roleRef: { name: b }', 'roleRef.name'],
  ['v1', 'ConfigMap', 'immutable: true\ndata: { a: x }', 'immutable: true\ndata: { a: y }', 'data.a'],
])('%s %s: %s', (apiVersion, kind, before, after, path) => {
  expect(
    change(object(apiVersion, kind, before), object(apiVersion, kind, after)).map(
      ({ message }) => message.split(' ')[0],
    ),
  ).toEqual([path]);
});

test.each([
  ['apps/v1', 'StatefulSet', 'spec: { replicas: 1, template: { a: 1 } }', 'spec: { replicas: 2, template: { a: 2 } }'],
  [
    'v1',
    'PersistentVolumeClaim',
    'spec: { resources: { requests: { storage: 1Gi } } }',
    'spec: { resources: { requests: { storage: 2Gi } } }',
  ],
  ['v1', 'PersistentVolumeClaim', 'spec: {}', 'spec: { storageClassName: b }'],
  ['v1', 'Service', 'spec: {}', 'spec: { clusterIP: 10.0.0.2 }'],
  ['storage.k8s.io/v1', 'StorageClass', 'provisioner: a', 'provisioner: a\nreclaimPolicy: Delete'],
  ['v1', 'ConfigMap', 'data: { a: x }', 'data: { a: y }'],
  ['example.org/v1', 'Deployment', 'spec: { selector: a }', 'spec: { selector: b }'],
])('silent: %s %s: %s', (apiVersion, kind, before, after) => {
  expect(change(object(apiVersion, kind, before), object(apiVersion, kind, after))).toEqual([]);
});

test('silent: an object of another name or namespace', () => {
  const other = object('v1', 'Service', 'spec: { clusterIP: 10.0.0.2 }');
  expect(
    change(
      object('v1', 'Service', 'spec: { clusterIP: 10.0.0.1 }'),
      other.replace('namespace: default', 'namespace: other'),
    ),
  ).toEqual([]);
});

test('classes that rook-ceph-cluster makes of its values', () => {
  const values = (policy: string): string =>
    release(
      'rook-ceph-cluster',
      'v1.17.5',
      `cephBlockPools:\n  - name: pool\n    storageClass: { enabled: true, name: ceph-block, reclaimPolicy: ${policy} }\n`,
    );
  expect(change(values('Delete'), values('Retain'))).toEqual([
    {
      at: 'apps/a.yaml:19:58',
      subject: 'StorageClass ceph-block',
      message:
        'reclaimPolicy changes from Delete to Retain in the values of HelmRelease default/rook-ceph-cluster, and it cannot change in the cluster: the release fails; take it back, or give the class another name',
    },
  ]);
});

test.each([
  ['v1', 'Secret', 'immutable: true\nstringData: { a: VALUE }', 'stringData.a'],
  ['v1', 'ConfigMap', 'immutable: true\ndata: { DB_PASSWORD: VALUE }', 'data.DB_PASSWORD'],
  ['v1', 'ConfigMap', 'immutable: true\ndata: { url: "postgres://me:VALUE@db" }', 'data.url'],
  ['batch/v1', 'Job', 'spec: { template: { env: [{ name: API_KEY, value: VALUE }] } }', 'spec.template.env.0.value'],
  ['batch/v1', 'Job', 'spec: { template: { args: [--password, VALUE] } }', 'spec.template.args.1'],
  ['batch/v1', 'Job', 'spec: { template: { args: [--password=VALUE] } }', 'spec.template.args.0'],
])('never shows what is confidential: %s %s %s', (apiVersion, kind, fields, path) => {
  const [finding, ...others] = change(
    object(apiVersion, kind, fields.replace('VALUE', 'hunter2')),
    object(apiVersion, kind, fields.replace('VALUE', 'hunter3')),
  );
  expect(others).toEqual([]);
  expect(finding?.message).toContain(`${path} changes, and it cannot change in the cluster`);
  expect(JSON.stringify(finding)).not.toContain('hunter');
});

test('nor in what is there only after, as a whole', () => {
  const [finding] = change(
    object('batch/v1', 'Job', 'spec: { template: {} }'),
    object('batch/v1', 'Job', 'spec: { template: { spec: { env: [{ name: A_TOKEN, value: hunter2 }] } } }'),
  );
  expect(finding?.message).toContain('spec.template.spec changes, and');
});
