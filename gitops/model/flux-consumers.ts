/** Of all consumers those that are Flux itself: their own rules speak of them. */
import type { Consumer } from '../references/reference.js';

/** A Kustomization that reads variables: `spec.postBuild.substituteFrom`. */
export function isSubstituteFrom({ object, path }: Consumer): boolean {
  return object.id.kind === 'Kustomization' && path[1] === 'postBuild' && path[2] === 'substituteFrom';
}

/** A HelmRelease that takes values: `spec.valuesFrom`. */
export function isValuesFrom({ object, path }: Consumer): boolean {
  return object.id.kind === 'HelmRelease' && path[0] === 'spec' && path[1] === 'valuesFrom';
}
