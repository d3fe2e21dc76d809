/** What would not go on at the next commit. */
import type { FluxKustomization } from '../gitops/flux/flux-kustomization.js';
import type { FluxState } from '../gitops/flux/flux-state.js';
import { objectText } from '../gitops/manifests/object-id.js';
import type { Waits } from './waits.js';

/**
 * Why nothing may be made to depend on it; undefined where it goes on. Flux starts what depends on another of the same
 * source once that one has applied the source's newest revision: one that is suspended never does, nor one that waits
 * for it.
 */
export function whyStopped(flux: FluxState, waits: Waits, one: FluxKustomization): string | undefined {
  if (one.spec.suspend === true) return 'is suspended';
  const first = flux.kustomizations.find(({ id, spec }) => spec.suspend === true && waits.waitsFor(one.id, id));
  return first && `waits for ${objectText(first.id)}, which is suspended`;
}
