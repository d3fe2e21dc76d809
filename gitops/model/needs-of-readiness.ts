/** What has to be there before an object is ready: the Secrets, ConfigMaps and claims that it uses, and who mounts a claim. */
import type { Applier, AppliedObject, FluxKustomization } from '../flux/flux-kustomization.js';
import type { FluxState } from '../flux/flux-state.js';
import type { HelmRelease } from '../flux/helm-release.js';
import { podSpecPaths } from '../kustomize/workloads.js';
import { nonEmpty, valueAt } from '../manifests/fields.js';
import type { ObjectId } from '../manifests/object-id.js';
import { isKubernetesGroup } from '../references/definitions.js';
import type { Consumer, Producer, References, TargetKind } from '../references/reference.js';

/** What brings an object, or mounts it, once it has started. */
export type Bringer = FluxKustomization | HelmRelease;

/** By object, whoever has to start before it can be ready; those that need nobody else are not among them. */
export function needsOfReadiness(
  flux: FluxState,
  references: References,
): ReadonlyMap<AppliedObject, readonly Bringer[]> {
  const needs = new Map<AppliedObject, Set<Bringer>>();
  const add = (object: AppliedObject, bringers: readonly Bringer[]): void => {
    if (bringers.length > 0) needs.set(object, new Set([...(needs.get(object) ?? []), ...bringers]));
  };
  for (const consumer of references.consumers) {
    const { object, target, isOptional } = consumer;
    if (used.has(target.kind) && !isOptional && hasHealth(object.id))
      add(object, bringersOf(object.owner, references.producersOf(target)));
  }
  for (const claim of flux.objects)
    if (bindsLate(claim, flux)) add(claim, bringersOf(claim.owner, mountersOf(claim, references)));
  return new Map([...needs].map(([object, bringers]) => [object, [...bringers]]));
}

/** A claim that stays Pending for ever: it is bound where the first Pod that mounts it runs, and nothing here mounts it. */
export function isNeverBound(object: AppliedObject, flux: FluxState, references: References): boolean {
  return bindsLate(object, flux) && mountersOf(object, references).length === 0;
}

/**
 * Whether its controller leaves it alone: what Flux suspends keeps the status of the generation before, so that a health
 * check of it never ends. A suspended Job counts as healthy.
 */
export function isSuspended({ id, composed }: AppliedObject): boolean {
  return id.group.endsWith('.toolkit.fluxcd.io') && valueAt(composed.value, ['spec', 'suspend']) === true;
}

/** Whether it can be applied and not healthy; Ingresses, ServiceAccounts and such are as soon as they are there. */
export function hasHealth({ group, kind }: ObjectId): boolean {
  return !isKubernetesGroup(group) || isRunning(kind) || kind === 'PersistentVolumeClaim';
}

const used: ReadonlySet<TargetKind> = new Set(['Secret', 'ConfigMap', 'PersistentVolumeClaim']);

/** A CronJob runs whenever it does. */
function isRunning(kind: string): boolean {
  return kind !== 'CronJob' && kind !== 'PodTemplate' && podSpecPaths(kind).length > 0;
}

/** One is enough, and where the object's own Kustomization has one it is that; of several elsewhere all may have to be there. */
function bringersOf(owner: Applier, all: readonly (Producer | Consumer)[]): readonly Bringer[] {
  const own = all.filter((one) => one.owner === owner);
  return (own.length > 0 ? own : all).flatMap((one) => {
    // What is built in, and what a root applies, is there before anything else.
    if (one.owner?.kind !== 'kustomization') return [];
    return [one.release ?? one.owner];
  });
}

function mountersOf({ id: { namespace, name } }: AppliedObject, references: References): readonly Consumer[] {
  return references
    .consumersOf({ kind: 'PersistentVolumeClaim', namespace, name })
    .filter(({ release, object }) => release !== undefined || isRunning(object.id.kind));
}

/** A claim that waits for its first consumer, or may: of the default class, and of one of a chart, the files do not tell. */
function bindsLate({ id, composed }: AppliedObject, { objects }: FluxState): boolean {
  if (id.kind !== 'PersistentVolumeClaim' || id.group !== '') return false;
  const field = (name: string): unknown => valueAt(composed.value, ['spec', name]);
  // A claim that names its volume, or no class, is bound by hand.
  if (nonEmpty(field('volumeName')) !== undefined || field('storageClassName') === '') return false;
  const found = objects.find(({ id: { kind, name } }) => kind === 'StorageClass' && name === field('storageClassName'));
  return !found || valueAt(found.composed.value, ['volumeBindingMode']) === 'WaitForFirstConsumer';
}
