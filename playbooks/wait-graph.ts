/** Who waits for whom, directly and by being applied: what may be added without a circle. */
import type { FluxKustomization } from '../gitops/flux/flux-kustomization.js';
import type { Repository } from '../gitops/model/repository.js';

export class WaitGraph {
  private readonly waits = new Map<FluxKustomization, Set<FluxKustomization>>();

  constructor(repository: Repository) {
    const { kustomizations } = repository.flux;
    for (const one of kustomizations) {
      const found = one.spec.dependsOn.flatMap(
        ({ name, namespace = one.id.namespace }) => repository.flux.kustomization(namespace, name) ?? [],
      );
      const { owner } = one.object;
      this.waits.set(one, new Set([...found, ...(owner.kind === 'kustomization' ? [owner] : [])]));
    }
  }

  mayWait(one: FluxKustomization, other: FluxKustomization): boolean {
    return one !== other && !this.reaches(one, other) && !this.reaches(other, one);
  }

  add(one: FluxKustomization, other: FluxKustomization): void {
    this.waits.get(one)?.add(other);
  }

  reaches(from: FluxKustomization, to: FluxKustomization): boolean {
    return this.reachedFrom(from).has(to);
  }

  /** Itself and all that it waits for. */
  reachedFrom(from: FluxKustomization): ReadonlySet<FluxKustomization> {
    const seen = new Set<FluxKustomization>();
    const open = [from];
    for (let next = open.pop(); next; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(this.waits.get(next) ?? []));
    }
    return seen;
  }
}
