/** Objects that are applied before a change and after it: the same by effective kind, namespace and name. */
import type { AppliedObject } from '../flux/flux-kustomization.js';
import { keyText } from '../manifests/object-id.js';
import type { Repository } from './repository.js';

export interface MatchedObject {
  readonly before: AppliedObject;
  readonly after: AppliedObject;
}

/** One of several applications of an object goes with one of the same owner, else with any. */
export function matchedObjects(before: Repository, after: Repository): readonly MatchedObject[] {
  return after.flux.objects.flatMap((object) => {
    const known = before.ownership.of(object.id);
    const match = known.find(({ owner }) => keyText(owner.id) === keyText(object.owner.id)) ?? known[0];
    return match ? [{ before: match, after: object }] : [];
  });
}
