/** What runs before the store can answer, and must not wait for a Secret that comes through it. */
import type { Applier, FluxKustomization } from '../../gitops/flux/flux-kustomization.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { Origin } from '../../gitops/manifests/origin.js';
import { parentsOf } from '../../gitops/model/applier-text.js';
import { readBootstrap } from '../../gitops/model/bootstrap.js';
import { isSubstituteFrom } from '../../gitops/model/flux-consumers.js';
import type { Repository } from '../../gitops/model/repository.js';
import { needsOf, operatorChart } from '../../gitops/model/store-needs.js';
import type { Consumer } from '../../gitops/references/reference.js';
import { OtherClusters } from './other-clusters.js';
import type { Store } from './store.js';

export class BeforeStore {
  /** They apply the operator's Kustomization: an object that needs its definitions is not theirs to apply. */
  readonly parents: ReadonlySet<Applier>;
  private readonly appliers: ReadonlySet<Applier>;
  /** Those, and what brings the store, which is built with its variables before it applies anything. */
  private readonly readers: ReadonlySet<Applier>;
  private readonly others: OtherClusters;

  constructor(
    private readonly repository: Repository,
    private readonly store: Store,
  ) {
    this.others = new OtherClusters(repository);
    this.parents = new Set(parentsOf(store.operatorOwner));
    // With the operator there before Flux, Secrets come without Flux.
    const isThere = readBootstrap(repository).charts.has(operatorChart);
    this.readers = isThere ? new Set() : allBefore(repository, store);
    // What else the store's own Kustomization applies comes behind the store's readiness.
    this.appliers = new Set([...this.readers].filter((reader) => reader !== store.owner));
  }

  has(applier: Applier): boolean {
    return this.appliers.has(applier);
  }

  /** Why this user of a Secret cannot wait for it; undefined where it can. */
  needs(consumer: Consumer): string | undefined {
    const { object, owner, release, isOptional, certainty } = consumer;
    if (isOptional || certainty !== 'exact') return undefined;
    const { kind, name } = object.id;
    if (kind === 'ClusterSecretStore' && name === this.store.name) return 'it opens the store itself';
    const isReader = isSubstituteFrom(consumer);
    const applier = isReader ? this.kustomizationOf(consumer) : owner;
    if (!applier || !(isReader ? this.readers : this.appliers).has(applier)) return undefined;
    // A parent applies more than what the store needs; a release's own values are what it starts with.
    const isOfParent = applier === owner && this.parents.has(owner);
    if (isOfParent && (kind !== 'HelmRelease' || release)) return undefined;
    return `${objectText(object.id)} needs it before the store can run`;
  }

  /** A Kustomization before the store that reads variables from a Secret, by its own document, and puts none in anywhere. */
  readsInVain(consumer: Consumer): FluxKustomization | undefined {
    const kustomization = isSubstituteFrom(consumer) ? this.kustomizationOf(consumer) : undefined;
    if (!kustomization || !this.readers.has(kustomization)) return undefined;
    // What a patch brings is not its own to give up: others have it from there too.
    const { origin } = entryOf(consumer);
    if (origin.isEmbedded || origin.document !== kustomization.object.composed.root.document) return undefined;
    // What it builds on another cluster may read them.
    if (this.others.has(kustomization)) return undefined;
    const { build } = kustomization;
    // Also `$${…}`, which without any variables would no longer become `${…}`; of a remote base nobody can tell.
    const isRead =
      !build ||
      build.unknowns.length > 0 ||
      build.objects.some(({ composed }) => JSON.stringify(composed.value).includes('${'));
    return isRead ? undefined : kustomization;
  }

  private kustomizationOf({ object: { id } }: Consumer): FluxKustomization | undefined {
    return this.repository.flux.kustomization(id.namespace, id.name);
  }
}

/** The entry of `substituteFrom` that a Kustomization reads variables by. */
export function entryOf({ object: { composed }, path }: Consumer): {
  readonly value: unknown;
  readonly origin: Origin;
} {
  const { value, root } = composed.at(path.slice(0, 4));
  return { value, origin: root };
}

/** The same before the store is made and after. */
function allBefore(repository: Repository, { name, backend }: Store): ReadonlySet<Applier> {
  const needs = needsOf({ kind: 'ClusterSecretStore', namespace: '', name }, repository);
  const backends = backend?.object.owner.kind === 'kustomization' ? waitedFor(backend.object.owner, repository) : [];
  return new Set<Applier>([...needs.keys(), ...backends]);
}

/** Itself, what it depends on and what applies it, and so on. */
function waitedFor(from: FluxKustomization, { flux }: Repository): ReadonlySet<FluxKustomization> {
  const seen = new Set<FluxKustomization>();
  const open = [from];
  for (let next = open.pop(); next; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const { id, spec, object } = next;
    open.push(
      ...spec.dependsOn.flatMap(({ name, namespace = id.namespace }) => flux.kustomization(namespace, name) ?? []),
    );
    if (object.owner.kind === 'kustomization') open.push(object.owner);
  }
  return seen;
}
