/** What Flux waits for before it goes on: who can never start or never become ready, because it waits for itself. */
import type { FluxKustomization } from '../flux/flux-kustomization.js';
import type { FluxState } from '../flux/flux-state.js';
import type { HelmRelease } from '../flux/helm-release.js';
import type { ObjectId } from '../manifests/object-id.js';
import type { Origin } from '../manifests/origin.js';
import type { References } from '../references/reference.js';
import { parentsOf } from './applier-text.js';
import { findCycles } from './find-cycles.js';
import { needsOfReadiness } from './needs-of-readiness.js';

export interface Wait {
  readonly from: ObjectId;
  readonly to: ObjectId;
  /** `applied by`: it is not there before its parent has started. */
  readonly because: 'depends on' | 'waits for the health of' | 'is applied by';
  readonly origin: Origin;
}

interface Step {
  readonly to: string;
  /** Undefined from an object's being ready to its own start, and to that of what brings it something. */
  readonly wait?: Wait;
}

/** By state, such as `startOf(id)`: the states that it waits for. */
export type WaitGraph = ReadonlyMap<string, readonly Step[]>;

/**
 * Cycles of waiting, each as a chain that ends where it begins. An object has two states: it starts once its
 * dependencies are ready and its parent has started; it is ready once it has started and what it checks (`wait`,
 * `healthChecks`) is ready.
 */
export function cyclesOfWaiting(flux: FluxState): readonly (readonly Wait[])[] {
  return findCycles(waitGraph(flux)).map((steps) => steps.flatMap(({ wait }) => wait ?? []));
}

/**
 * With `references` also what an object needs of others before it is ready, its Secret or claim: that they bring it is
 * likely enough to declare nothing against it, and not sure enough to call it a circle, since it may be there already.
 */
export function waitGraph(flux: FluxState, references?: References): WaitGraph {
  const needs = references ? [...needsOfReadiness(flux, references)] : [];
  const reconciled = new Map(
    [...flux.kustomizations, ...flux.helmReleases].map((one): [string, FluxKustomization | HelmRelease] => [
      keyOf(one.id),
      one,
    ]),
  );
  const known: Known = new Map<string, { readonly id: ObjectId }>([
    ...needs.map(([object]) => [keyOf(object.id), object] as const),
    ...reconciled,
  ]);
  const graph = new Map<string, readonly Step[]>();
  for (const one of reconciled.values()) {
    const start = startOf(one.id);
    graph.set(start, [...parentOf(one), ...dependenciesOf(one, known)]);
    graph.set(readyOf(one.id), [{ to: start }, ...('build' in one ? healthOf(one, known) : [])]);
  }
  for (const [{ id }, bringers] of needs) {
    const ready = readyOf(id);
    graph.set(ready, [...(graph.get(ready) ?? []), ...bringers.map((bringer) => ({ to: startOf(bringer.id) }))]);
  }
  return graph;
}

/** Whether a state is the other or waits for it, directly or not. */
export function reaches(graph: ReadonlyMap<string, readonly Pick<Step, 'to'>[]>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === to) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(graph.get(next) ?? []).map((step) => step.to));
  }
  return false;
}

type Known = ReadonlyMap<string, { readonly id: ObjectId }>;

/** None for what applies itself, or applies what applies it: somebody began that by hand. */
function parentOf({ id, object }: FluxKustomization | HelmRelease): readonly Step[] {
  const { owner } = object;
  if (owner.kind !== 'kustomization' || [owner, ...parentsOf(owner)].some((one) => one.id === id)) return [];
  const wait: Wait = { from: id, to: owner.id, because: 'is applied by', origin: object.composed.root };
  return [{ to: startOf(owner.id), wait }];
}

function dependenciesOf({ id, object, spec }: FluxKustomization | HelmRelease, known: Known): readonly Step[] {
  return spec.dependsOn.flatMap(({ namespace = id.namespace, name, index }) => {
    const to = known.get(keyOf({ kind: id.kind, namespace, name }))?.id;
    const origin = object.composed.origin(['spec', 'dependsOn', index]);
    return to ? [{ to: readyOf(to), wait: { from: id, to, because: 'depends on', origin } as const }] : [];
  });
}

/** What of the states that are known a Kustomization waits for: all of it by `wait`, else what `healthChecks` name. */
function healthOf({ id, spec, object, objects }: FluxKustomization, known: Known): readonly Step[] {
  const checked = spec.wait
    ? objects.map((applied) => ({ key: keyOf(applied.id), path: ['spec', 'wait'] }))
    : spec.healthChecks.map(({ kind, name, namespace = id.namespace, index }) => ({
        key: keyOf({ kind, namespace, name }),
        path: ['spec', 'healthChecks', index],
      }));
  return checked.flatMap(({ key, path }) => {
    const to = known.get(key)?.id;
    // Flux leaves the Kustomization itself out.
    if (!to || to === id) return [];
    const origin = object.composed.origin(path);
    return [{ to: readyOf(to), wait: { from: id, to, because: 'waits for the health of', origin } as const }];
  });
}

type Named = Pick<ObjectId, 'kind' | 'namespace' | 'name'>;

export function startOf(id: Named): string {
  return `start ${keyOf(id)}`;
}

export function readyOf(id: Named): string {
  return `ready ${keyOf(id)}`;
}

/** Without the group: hardly two share a kind, and no name in one namespace. */
function keyOf({ kind, namespace, name }: Named): string {
  return `${kind} ${namespace}/${name}`;
}
