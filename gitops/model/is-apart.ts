/** Whether a folder is only a part of a repository: what Flux applies is told by paths from the root. */
import { isKustomization } from '../flux/kustomization-spec.js';
import type { Repository } from './repository.js';

/** Kustomizations of Flux stand in its files, and none of them is in effect there. */
export function isApart({ clusters, manifests }: Repository): boolean {
  return (
    clusters.every(({ flux }) => flux.kustomizations.length === 0) && manifests.some(({ id }) => isKustomization(id))
  );
}
