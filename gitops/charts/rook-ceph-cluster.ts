/**
 * The objects that chart rook-ceph-cluster renders, with their names: the chart's own lists count where the values do
 * not give one, and a list of the values replaces the chart's whole.
 * Source: values.yaml of the chart, v1.19.10 and v1.20.6.
 */
import { fieldOf, isMap, itemsOf, textOf, valueAt } from '../manifests/fields.js';
import type { ObjectKey } from '../manifests/object-id.js';
import type { YamlPath } from '../yaml/yaml-file.js';

export interface ChartObject {
  readonly key: ObjectKey;
  /** In the values, where they give it; undefined where it comes from the chart's defaults. */
  readonly path: YamlPath | undefined;
  /** The part of the values that makes it. */
  readonly values: unknown;
  /** The list or key of the values that it comes from. */
  readonly from: string;
}

interface List {
  readonly from: string;
  readonly kind: string;
  readonly byDefault: readonly unknown[];
}

const lists: readonly List[] = [
  { from: 'cephBlockPools', kind: 'CephBlockPool', byDefault: [defaultEntry('ceph-blockpool', 'ceph-block')] },
  { from: 'cephFileSystems', kind: 'CephFilesystem', byDefault: [defaultEntry('ceph-filesystem', 'ceph-filesystem')] },
  { from: 'cephObjectStores', kind: 'CephObjectStore', byDefault: [defaultEntry('ceph-objectstore', 'ceph-bucket')] },
];

function defaultEntry(name: string, storageClass: string): unknown {
  return { name, storageClass: { enabled: true, name: storageClass } };
}

const snapshotClasses = [
  { from: 'cephBlockPoolsVolumeSnapshotClass', name: 'ceph-block' },
  { from: 'cephFileSystemVolumeSnapshotClass', name: 'ceph-filesystem' },
];

/** Of a release in the namespace, with these values. */
export function rookCephClusterObjects(namespace: string, values: unknown): readonly ChartObject[] {
  return [
    {
      key: {
        group: 'ceph.rook.io',
        kind: 'CephCluster',
        namespace,
        name: textOf(fieldOf(values, 'clusterName')) ?? namespace,
      },
      path: isMap(fieldOf(values, 'cephClusterSpec')) ? ['cephClusterSpec'] : undefined,
      values: fieldOf(values, 'cephClusterSpec'),
      from: 'cephClusterSpec',
    },
    ...lists.flatMap((list) => ofList(namespace, values, list)),
    ...snapshotClasses.flatMap(({ from, name }) => {
      const snapshots = fieldOf(values, from);
      if (fieldOf(snapshots, 'enabled') !== true) return [];
      const key = {
        group: 'snapshot.storage.k8s.io',
        kind: 'VolumeSnapshotClass',
        namespace: '',
        name: textOf(fieldOf(snapshots, 'name')) ?? name,
      };
      return [{ key, path: [from], values: snapshots, from }];
    }),
  ];
}

function ofList(namespace: string, values: unknown, { from, kind, byDefault }: List): readonly ChartObject[] {
  const own = fieldOf(values, from);
  const entries = own === undefined ? byDefault : itemsOf(own);
  return entries.flatMap((entry, index) => {
    const path = own === undefined ? undefined : [from, index];
    const name = textOf(fieldOf(entry, 'name'));
    const storageClass = valueAt(entry, ['storageClass']);
    const className = textOf(fieldOf(storageClass, 'name'));
    const isOn = fieldOf(storageClass, 'enabled') === true;
    return [
      ...(name === undefined
        ? []
        : [{ key: { group: 'ceph.rook.io', kind, namespace, name }, path, values: entry, from }]),
      ...(isOn && className !== undefined
        ? [
            {
              key: { group: 'storage.k8s.io', kind: 'StorageClass', namespace: '', name: className },
              path: path && [...path, 'storageClass'],
              values: storageClass,
              from,
            },
          ]
        : []),
    ];
  });
}
