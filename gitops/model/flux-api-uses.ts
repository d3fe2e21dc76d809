/** Where the repository uses an apiVersion of Flux's own kinds. */
import type { AppliedObject } from '../flux/flux-kustomization.js';
import { isKustomization, readKustomizationSpec } from '../flux/kustomization-spec.js';
import { groupAndVersion, type ObjectId } from '../manifests/object-id.js';
import type { Origin } from '../manifests/origin.js';
import { versionsOf } from './flux-api-versions.js';

/** An object's own, or one by which a health check looks for another. */
export interface FluxApiUse extends Pick<ObjectId, 'group' | 'version' | 'kind'> {
  readonly object: AppliedObject;
  readonly origin: Origin;
}

export function fluxApiUses(objects: readonly AppliedObject[]): readonly FluxApiUse[] {
  return objects.flatMap((object) => [...ownUse(object), ...(isKustomization(object.id) ? checkUses(object) : [])]);
}

function ownUse(object: AppliedObject): readonly FluxApiUse[] {
  const { group, version, kind } = object.id;
  if (versionsOf(group, kind).length === 0) return [];
  return [{ group, version, kind, object, origin: object.composed.origin(['apiVersion']) }];
}

function checkUses(object: AppliedObject): readonly FluxApiUse[] {
  const { healthChecks } = readKustomizationSpec(object.composed.value);
  return healthChecks.flatMap(({ apiVersion, kind, index }) => {
    const { group, version } = groupAndVersion(apiVersion ?? '');
    if (versionsOf(group, kind).length === 0) return [];
    const origin = object.composed.origin(['spec', 'healthChecks', index, 'apiVersion']);
    return [{ group, version, kind, object, origin }];
  });
}
