/** Tasks 3.1 and 3.2: Ceph, what it offers, and who may use how much of it. */
import { at } from './lib/repository.mjs';
import { deployed, objects, releaseOf, there } from './lib/releases.mjs';
import { all, documented, runCheck } from './lib/verdict.mjs';

const cluster = 'rook-ceph-cluster';

/** An item of one of the chart's lists: in three copies, and with a StorageClass that keeps the data. */
function pool(list, className, ...replicated) {
  return (repository) => {
    const release = releaseOf(repository, cluster);
    const item = release?.values[list]?.[0];
    if (!item) return { passed: '', missing: [`kubernetes/apps/rook-ceph: no ${list} in the values of ${cluster}`] };
    const missing = [
      ...replicated
        .filter((path) => at(item.spec, path ? path.split('.') : [])?.replicated?.size !== 3)
        .map((path) => `${list}: ${path || 'spec'} is not kept in three copies`),
      item.storageClass?.name !== className && `${list}: its StorageClass should be ${className}`,
      item.storageClass?.reclaimPolicy !== 'Retain' &&
        `${list}: reclaimPolicy has to be Retain from the start, it cannot be changed later`,
    ].filter(Boolean);
    return {
      passed: `${item.name} with StorageClass ${className}`,
      missing: missing.map((line) => `${release.path}: ${line}`),
    };
  };
}

/** Classes for volumes can provision only with the secrets of their driver. */
function provisioning(repository) {
  const release = releaseOf(repository, cluster);
  const classes = ['cephBlockPools', 'cephFileSystems'].map((list) => release?.values[list]?.[0]?.storageClass);
  const missing = classes.flatMap((storageClass, index) => {
    const parameters = storageClass?.parameters ?? {};
    const wanted = ['provisioner', 'controller-expand', 'controller-publish', 'node-stage'].map(
      (name) => `csi.storage.k8s.io/${name}-secret-name`,
    );
    return wanted
      .filter((key) => !parameters[key])
      .map(
        (key) =>
          `${release?.path ?? 'kubernetes/apps/rook-ceph'}: the StorageClass for ${['block', 'file'][index]} has no parameter ${key}`,
      );
  });
  return { passed: 'ceph-block and ceph-filesystem have the secrets of their drivers', missing };
}

const byId = (nodes) =>
  nodes?.length === 3 && nodes.every(({ devices }) => devices.every(({ name }) => name.startsWith('/dev/disk/by-id/')));
Object.defineProperty(byId, 'name', { value: 'three nodes with disks by id' });

const quotas = objects('CephObjectStoreUser', 'ceph.rook.io', ({ object: { spec } }) =>
  ['maxSize', 'maxObjects', 'maxBuckets']
    .filter((key) => !spec.quotas?.[key])
    .map((key) => `the user has no quota ${key}`),
);
const claims = objects('ObjectBucketClaim', 'objectbucket.io', ({ object: { spec } }) => [
  ...(spec.storageClassName === 'ceph-bucket' ? [] : ['the bucket is not in ceph-bucket']),
  ...(spec.additionalConfig?.maxSize ? [] : ['the bucket has no maxSize']),
]);
const lifecycles = objects('ObjectBucketClaim', 'objectbucket.io', ({ object: { spec } }) =>
  spec.additionalConfig?.bucketLifecycle ? [] : ['the bucket has no bucketLifecycle'],
);

function bucketsFor(...names) {
  return (repository) => {
    const found = repository.ofKind('ObjectBucketClaim', 'objectbucket.io').map(({ name }) => name);
    const missing = names
      .filter((name) => !found.some((one) => one.includes(name)))
      .map((name) => `kubernetes/apps: no ObjectBucketClaim for ${name}`);
    return { passed: `buckets: ${found.join(', ')}`, missing };
  };
}

const block = pool('cephBlockPools', 'ceph-block', '');
const files = pool('cephFileSystems', 'ceph-filesystem', 'metadataPool', 'dataPools.0');
const objectStore = pool('cephObjectStores', 'ceph-bucket', 'metadataPool', 'dataPool');

runCheck({
  operator: deployed('rook-ceph', { obcAllowAdditionalConfigFields: there, 'resources.limits.memory': there }),
  cluster: deployed(cluster, {
    'cephClusterSpec.mon.count': 3,
    'cephClusterSpec.storage.useAllDevices': false,
    'cephClusterSpec.storage.nodes': byId,
    'cephClusterSpec.cleanupPolicy.confirmation': '',
    'cephClusterSpec.removeOSDsIfOutAndSafeToRemove': false,
  }),
  'block-pool': block,
  'object-store': objectStore,
  'file-system': files,
  'storage-classes': provisioning,
  dashboard: deployed(cluster, {
    'cephClusterSpec.dashboard.enabled': true,
    'ingress.dashboard.ingressClassName': 'internal',
  }),
  migration: documented('docs/storage/migration.md', '## Order', '## Steps', '## Rollback', 'local-path'),
  buckets: all(claims, bucketsFor('loki', 'velero')),
  users: all(objects('CephObjectStoreUser', 'ceph.rook.io'), documented('docs/storage/object-storage.md', '## Access')),
  policies: all(
    block,
    objectStore,
    lifecycles,
    documented('docs/storage/object-storage.md', '## Replication', '## Retention'),
  ),
  quotas: all(quotas, claims),
});
