/** Whether Flux deletes an object that cannot change and makes it anew. */
import type { AppliedObject } from '../flux/flux-kustomization.js';
import { valueAt } from '../manifests/fields.js';

/** By its own annotation, or by `force` of the Kustomization that applies it. */
export function recreates({ composed, owner }: Pick<AppliedObject, 'composed' | 'owner'>): boolean {
  const annotation = valueAt(composed.value, ['metadata', 'annotations', 'kustomize.toolkit.fluxcd.io/force']);
  return (
    String(annotation).toLowerCase() === 'enabled' || (owner.kind === 'kustomization' && owner.spec.force === true)
  );
}
