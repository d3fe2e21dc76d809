/** Which object is applied by whom: more than one owner means that they overwrite each other. */
import type { AppliedObject } from '../flux/flux-kustomization.js';
import type { ObjectKey } from '../manifests/object-id.js';

export interface Ownership {
  /** Every application of the object, each with its owner and its chain of kustomizations. */
  of(key: ObjectKey): readonly AppliedObject[];
  /** Objects that are applied more than once. */
  readonly shared: readonly (readonly AppliedObject[])[];
}
