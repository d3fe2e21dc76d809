/** What Flux reads, on whichever cluster. */
import type { FluxState } from '../../gitops/flux/flux-state.js';
import type { Repository } from '../../gitops/model/repository.js';

/** Every file that a build of any cluster reads. */
export function inputsOf({ clusters }: Repository): ReadonlySet<string> {
  return new Set(clusters.flatMap(({ flux }) => [...inputsOfCluster(flux)]));
}

export function inputsOfCluster({ kustomizations, entryPoints }: FluxState): ReadonlySet<string> {
  return new Set([...kustomizations, ...entryPoints].flatMap(({ build }) => [...(build?.inputs ?? [])]));
}
