import { expect, test } from 'vitest';
import { provisionerMismatch } from './provisioner-mismatch.js';
import { findingsOf } from './testing.js';
import { cluster, release } from './testing-cluster.js';

const storageClass = (provisioner: string): string =>
  `apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: class }\nprovisioner: ${provisioner}\n`;
const operator = (values = 'csi: {}\n'): string =>
  release('rook-ceph', 'v1.17.5', values, 'rook-ceph-operator', 'storage');
const messages = (provisioner: string, values?: string): readonly string[] =>
  findingsOf(
    provisionerMismatch,
    cluster({ 'apps/a.yaml': storageClass(provisioner), 'apps/rook.yaml': operator(values) }),
  ).map(({ message }) => message);

test('names the operator and what it would be called', () => {
  const files = cluster({ 'apps/a.yaml': storageClass('rook-ceph.ceph.rook.io/bucket'), 'apps/rook.yaml': operator() });
  expect(findingsOf(provisionerMismatch, files)).toEqual([
    {
      at: 'apps/a.yaml:4:1',
      subject: 'StorageClass class',
      message:
        'names provisioner rook-ceph.ceph.rook.io/bucket, which nobody runs: Rook calls its bucket provisioner after the namespace of its operator, and HelmRelease storage/rook-ceph-operator puts it into storage; write storage.ceph.rook.io/bucket',
      related: ["apps/rook.yaml:1:1 the operator's release rook-ceph-operator"],
    },
  ]);
});

test('drivers, a misspelt bucket provisioner, and snapshot classes', () => {
  expect(messages('rook-ceph.rbd.csi.ceph.com')[0]).toContain('write storage.rbd.csi.ceph.com');
  expect(messages('rook-ceph.rook.io/bucket')[0]).toContain('write storage.ceph.rook.io/bucket');
  const snapshots = storageClass('x')
    .replace('storage.k8s.io/v1', 'snapshot.storage.k8s.io/v1')
    .replace('StorageClass', 'VolumeSnapshotClass')
    .replace('provisioner: x', 'driver: rook-ceph.cephfs.csi.ceph.com');
  expect(
    findingsOf(provisionerMismatch, cluster({ 'apps/a.yaml': snapshots, 'apps/rook.yaml': operator() }))[0]?.message,
  ).toContain('names driver rook-ceph.cephfs.csi.ceph.com');
});

test.each([
  ['storage.rbd.csi.ceph.com', undefined],
  ['mine.rbd.csi.ceph.com', 'csi: { csiDriverNamePrefix: mine }\n'],
  ['mine.ceph.rook.io/bucket', 'obcProvisionerNamePrefix: mine\n'],
  ['rancher.io/local-path', undefined],
  ['${NAMESPACE}.rbd.csi.ceph.com', undefined],
])('silent: %s', (provisioner, values) => {
  expect(messages(provisioner, values)).toEqual([]);
});

test('silent: an operator that stands in no file', () => {
  expect(
    findingsOf(provisionerMismatch, cluster({ 'apps/a.yaml': storageClass('rook-ceph.rbd.csi.ceph.com') })),
  ).toEqual([]);
});
