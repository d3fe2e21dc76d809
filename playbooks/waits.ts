/** Who would wait for whom: what may be declared without anything waiting for itself. */
import type { FluxState } from '../gitops/flux/flux-state.js';
import type { ObjectId } from '../gitops/manifests/object-id.js';
import { readyOf, startOf, waitGraph } from '../gitops/model/waits-for.js';

export class Waits {
  private readonly steps: Map<string, readonly string[]>;

  constructor(flux: FluxState) {
    this.steps = new Map([...waitGraph(flux)].map(([state, steps]) => [state, steps.map(({ to }) => to)]));
  }

  /** Whether it does not start before the other is ready, directly or not. */
  waitsFor(one: ObjectId, other: ObjectId): boolean {
    return this.reaches(startOf(one), readyOf(other));
  }

  /** One depends on the other from now on; false, and nothing changed, where that would close a circle. */
  depend(one: ObjectId, other: ObjectId): boolean {
    return this.add(startOf(one), [readyOf(other)]);
  }

  /** One is ready when all the others are, from now on; false, and nothing changed, where that would close a circle. */
  awaitHealth(one: ObjectId, others: readonly ObjectId[]): boolean {
    const ready = readyOf(one);
    // Flux leaves the Kustomization itself out; what it does not reconcile waits for nothing.
    return this.add(
      ready,
      others.map(readyOf).filter((state) => state !== ready && this.steps.has(state)),
    );
  }

  private add(state: string, others: readonly string[]): boolean {
    if (others.some((other) => this.reaches(other, state))) return false;
    this.steps.set(state, [...(this.steps.get(state) ?? []), ...others]);
    return true;
  }

  private reaches(from: string, to: string): boolean {
    const seen = new Set<string>();
    const open = [from];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === to) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(this.steps.get(next) ?? []));
    }
    return false;
  }
}
