import { expect, test } from 'vitest';
import { objectText } from '../manifests/object-id.js';
import { rookCephClusterObjects } from './rook-ceph-cluster.js';

const names = (values: unknown): readonly string[] =>
  rookCephClusterObjects('rook-ceph', values).map(
    ({ key, path }) => `${objectText(key)}${path ? ` at ${path.join('.')}` : ''}`,
  );

test('what the chart makes by default', () => {
  expect(names(undefined)).toEqual([
    'CephCluster rook-ceph/rook-ceph',
    'CephBlockPool rook-ceph/ceph-blockpool',
    'StorageClass ceph-block',
    'CephFilesystem rook-ceph/ceph-filesystem',
    'StorageClass ceph-filesystem',
    'CephObjectStore rook-ceph/ceph-objectstore',
    'StorageClass ceph-bucket',
  ]);
});

test('lists of the values replace those of the chart, an empty one and null too', () => {
  expect(
    names({
      clusterName: 'mine',
      cephClusterSpec: {},
      cephBlockPools: [
        { name: 'pool', storageClass: { enabled: false, name: 'block' } },
        { storageClass: { enabled: true, name: 'x' } },
      ],
      cephFileSystems: [],
      cephObjectStores: null,
      cephBlockPoolsVolumeSnapshotClass: { enabled: true },
    }),
  ).toEqual([
    'CephCluster rook-ceph/mine at cephClusterSpec',
    'CephBlockPool rook-ceph/pool at cephBlockPools.0',
    'StorageClass x at cephBlockPools.1.storageClass',
    'VolumeSnapshotClass ceph-block at cephBlockPoolsVolumeSnapshotClass',
  ]);
});
