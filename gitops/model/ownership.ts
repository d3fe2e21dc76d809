/** Which object is applied by whom: more than one owner means that they overwrite each other. */
import type { AppliedObject } from '../flux/flux-kustomization.js';
import { keyText, type ObjectKey } from '../manifests/object-id.js';

export interface Ownership {
  /** Every application of the object, each with its owner and its chain of kustomizations. */
  of(key: ObjectKey): readonly AppliedObject[];
  /** Objects that more than one Kustomization applies. */
  readonly shared: readonly (readonly AppliedObject[])[];
}

export function ownershipOf(objects: readonly AppliedObject[]): Ownership {
  const byKey = new Map<string, AppliedObject[]>();
  for (const object of objects) {
    const key = keyText(object.id);
    const known = byKey.get(key);
    if (known) known.push(object);
    else byKey.set(key, [object]);
  }
  return {
    of: (key) => byKey.get(keyText(key)) ?? [],
    shared: [...byKey.values()].filter(([first, ...others]) => others.some(({ owner }) => owner !== first?.owner)),
  };
}
