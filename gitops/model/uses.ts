/** What one Kustomization uses of what another provides: the reason for a dependency between them. */
import type { Applier, FluxKustomization } from '../flux/flux-kustomization.js';
import type { FluxState } from '../flux/flux-state.js';
import { objectText } from '../manifests/object-id.js';
import type { Consumer, Target, TargetKind } from '../references/reference.js';
import type { Repository } from './repository.js';
import { operatorChart } from './store-needs.js';

/** `StorageClass ceph-block`, `Secret media/plex`, `the definition of ExternalSecret`; each once, in the order of the tree. */
export function usesOf(user: FluxKustomization, provider: Applier, repository: Repository): readonly string[] {
  const { references } = repository;
  const isExternalSecrets = repository.flux.helmReleases.some(
    ({ chart, object }) => chart?.name === operatorChart && object.owner === provider,
  );
  const uses = references.consumers
    .filter(({ owner, object }) => owner === user || object === user.object)
    .flatMap((consumer) => {
      if (notUsed.has(consumer.target.kind)) return [];
      if (isProvidedBy(consumer, provider, repository)) return [targetText(consumer.target)];
      return isExternalSecrets ? fromStore(consumer, repository) : [];
    });
  return [...new Set([...uses, ...clusterOf(user, provider, repository), ...gatewaysOf(user, provider, repository)])];
}

/** Other dependencies are no use of their own, and namespaces are made by whoever comes first. */
const notUsed: ReadonlySet<TargetKind> = new Set(['Kustomization', 'HelmRelease', 'Namespace']);

function isProvidedBy({ target, object }: Consumer, provider: Applier, { references }: Repository): boolean {
  return references.producersOf(target).some((producer) => producer.owner === provider && producer.object !== object);
}

/** A Secret that nothing makes is as likely to come from there. */
function fromStore(consumer: Consumer, { references }: Repository): readonly string[] {
  const { target } = consumer;
  if (target.kind !== 'Secret') return [];
  const producers = references.producersOf(target);
  if (producers.some(({ form }) => form === 'external-secret'))
    return [`${targetText(target)} (made by an ExternalSecret)`];
  return references.resolve(consumer).status === 'missing' ? [`${targetText(target)} (nothing else makes it)`] : [];
}

function targetText(target: Target): string {
  if (target.kind === 'CustomResourceDefinition') return `the definition of ${target.name.split('.')[0]}`;
  return objectText(target);
}

/** Rook's pools, stores and users do nothing without the CephCluster of their namespace. */
function clusterOf(user: FluxKustomization, provider: Applier, { flux }: Repository): readonly string[] {
  if (cephNamespaces(provider, flux).size === 0) return [];
  const parts = user.objects.filter(({ id }) => id.group === 'ceph.rook.io' && id.kind !== 'CephCluster');
  return parts.map(({ id }) => `the CephCluster, for ${objectText(id)}`);
}

/** Where it applies a CephCluster, by a manifest or by the chart. */
function cephNamespaces(provider: Applier, flux: FluxState): ReadonlySet<string> {
  const own = flux.objects.filter(({ id, owner }) => owner === provider && id.kind === 'CephCluster');
  const charts = flux.helmReleases.filter(
    ({ chart, object }) => object.owner === provider && chart?.name === 'rook-ceph-cluster',
  );
  return new Set([...own.map(({ id }) => id.namespace), ...charts.map(({ targetNamespace }) => targetNamespace)]);
}

/** The S3 gateways that Rook runs for its object stores, named by the host under which the cluster knows them. */
function gatewaysOf(user: FluxKustomization, provider: Applier, { flux }: Repository): readonly string[] {
  const ceph = cephNamespaces(provider, flux);
  const hosts = user.objects.flatMap(({ composed }) =>
    [...JSON.stringify(composed.value).matchAll(gateway)].filter(
      ([, store, namespace]) =>
        ceph.has(namespace!) ||
        provider.objects.some(
          ({ id }) => id.kind === 'CephObjectStore' && id.namespace === namespace && id.name === store,
        ),
    ),
  );
  return hosts.map(([host]) => `the S3 gateway ${host}`);
}

const gateway = /\brook-ceph-rgw-([a-z0-9-]+)\.([a-z0-9-]+)\b/g;
