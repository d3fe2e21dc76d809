/** What one Kustomization uses of what another provides: the reason for a dependency between them. */
import type { Applier, FluxKustomization } from '../flux/flux-kustomization.js';
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
  return [...new Set([...uses, ...clusterOf(user, provider, repository)])];
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
  const parts = user.objects.filter(({ id }) => id.group === 'ceph.rook.io' && id.kind !== 'CephCluster');
  const hasCluster =
    flux.objects.some(({ id, owner }) => owner === provider && id.kind === 'CephCluster') ||
    flux.helmReleases.some(({ chart, object }) => object.owner === provider && chart?.name === 'rook-ceph-cluster');
  return hasCluster ? parts.map(({ id }) => `the CephCluster, for ${objectText(id)}`) : [];
}
