/** Who would wait for whom: what may be declared without anything waiting for itself. */
import type { FluxState } from '../gitops/flux/flux-state.js';
import type { ObjectId } from '../gitops/manifests/object-id.js';
import { reaches, readyOf, startOf, waitGraph } from '../gitops/model/waits-for.js';
import type { References } from '../gitops/references/reference.js';

export class Waits {
  private readonly steps: Map<string, readonly { readonly to: string }[]>;

  /** With `references`, what an object needs of others before it is ready counts too. */
  constructor(flux: FluxState, references?: References) {
    this.steps = new Map(waitGraph(flux, references));
  }

  /** Whether it does not start before the other is ready, directly or not. */
  waitsFor(one: ObjectId, other: ObjectId): boolean {
    return reaches(this.steps, startOf(one), readyOf(other));
  }

  /** One depends on the other from now on; false, and nothing changed, where that would close a circle. */
  depend(one: ObjectId, other: ObjectId): boolean {
    return this.add(startOf(one), [readyOf(other)]);
  }

  /** One is ready when all the others are, from now on; false, and nothing changed, where that would close a circle. */
  awaitHealth(one: ObjectId, others: readonly ObjectId[]): boolean {
    const ready = readyOf(one);
    // Flux leaves the Kustomization itself out; what is not known here waits for nothing.
    return this.add(
      ready,
      others.map(readyOf).filter((state) => state !== ready && this.steps.has(state)),
    );
  }

  private add(state: string, others: readonly string[]): boolean {
    if (others.some((other) => reaches(this.steps, other, state))) return false;
    this.steps.set(state, [...(this.steps.get(state) ?? []), ...others.map((to) => ({ to }))]);
    return true;
  }
}
