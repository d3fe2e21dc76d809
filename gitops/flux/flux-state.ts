/** The whole of Flux as the files declare it: entry points, Kustomizations, HelmReleases, sources. */
import type { Kustomize } from '../kustomize/kustomize.js';
import { fieldOf, nonEmpty } from '../manifests/fields.js';
import type { Manifest } from '../manifests/manifest.js';
import type { AppliedObject, EntryPoint, FluxKustomization, FluxSource } from './flux-kustomization.js';
import type { HelmRelease } from './helm-release.js';
import { ObjectIndex } from './object-index.js';
import { type FindSource, readHelmReleases } from './read-helm-releases.js';
import { type Reconciliation, reconcile } from './reconcile.js';
import { refOf, sourceGroup } from './source-links.js';

export interface FluxState {
  readonly entryPoints: readonly EntryPoint[];
  /** What an entry point applies, and what applies itself. */
  readonly roots: readonly FluxKustomization[];
  /** Those that the roots reach, parents before children. */
  readonly kustomizations: readonly FluxKustomization[];
  /** Kustomizations of the tree that no entry point of this cluster reaches. */
  readonly unreached: readonly Manifest[];
  /** Reached; of a release that two Kustomizations apply, each. */
  readonly helmReleases: readonly HelmRelease[];
  readonly sources: readonly FluxSource[];
  /** All that is applied, by entry points too. */
  readonly objects: readonly AppliedObject[];
  /** By effective namespace and name. */
  kustomization(namespace: string, name: string): FluxKustomization | undefined;
  helmRelease(namespace: string, name: string): HelmRelease | undefined;
  source(kind: string, namespace: string, name: string): FluxSource | undefined;
}

/** One for each cluster, at least one: a root whose name another root has is in another cluster. */
export function readFlux(manifests: readonly Manifest[], kustomize: Kustomize): readonly [FluxState, ...FluxState[]] {
  let reconciled = reconcile(manifests, kustomize);
  const first = stateOf(reconciled);
  const others: FluxState[] = [];
  while (reconciled.hasOthers && others.length < clustersAtMost) {
    reconciled = reconcile(manifests, kustomize, reconciled);
    // What cannot be followed is no cluster.
    if (reconciled.kustomizations.length === 0) break;
    others.push(stateOf(reconciled));
  }
  return [first, ...others];
}

/** Nobody keeps more in one repository; a reading must end. */
const clustersAtMost = 50;

function stateOf({ entryPoints, kustomizations, unreached, secrets, links, linkSources }: Reconciliation): FluxState {
  const objects = [...entryPoints, ...kustomizations].flatMap((applier) => applier.objects);
  const sources = objects.filter(({ id }) => id.group === sourceGroup).map(readSource);
  const source = lookup(sources, ({ id }) => `${id.kind}\n${id.namespace}\n${id.name}`);
  const findSource: FindSource = (...key) => source(key.join('\n'));
  linkSources(findSource);
  const helmReleases = readHelmReleases(objects, new ObjectIndex(objects), secrets, findSource, links);
  const kustomization = lookup(kustomizations, nameOf);
  const helmRelease = lookup(helmReleases, nameOf);
  return {
    entryPoints,
    roots: kustomizations.filter((one) => one.object.owner.kind !== 'kustomization' || one.object.owner === one),
    kustomizations,
    unreached,
    helmReleases,
    sources,
    objects,
    kustomization: (namespace, name) => kustomization(`${namespace}\n${name}`),
    helmRelease: (namespace, name) => helmRelease(`${namespace}\n${name}`),
    source: findSource,
  };
}

function readSource(object: AppliedObject): FluxSource {
  const { id, composed } = object;
  const spec = fieldOf(composed.value, 'spec');
  return {
    id,
    object,
    url: nonEmpty(fieldOf(spec, 'url')),
    type: nonEmpty(fieldOf(spec, 'type')),
    ref: refOf(composed.value),
  };
}

function nameOf({ id }: FluxKustomization | HelmRelease): string {
  return `${id.namespace}\n${id.name}`;
}

/** The first of each name. */
function lookup<Item>(items: readonly Item[], keyOf: (item: Item) => string): (key: string) => Item | undefined {
  const byKey = new Map(items.toReversed().map((item) => [keyOf(item), item]));
  return (key) => byKey.get(key);
}
