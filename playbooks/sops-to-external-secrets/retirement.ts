/** How a Secret outlives its file: Flux is told to keep it before the file goes. */
import { goPattern } from '../../gitops/kustomize/go-pattern.js';
import { isMap, itemsOf, valueAt } from '../../gitops/manifests/fields.js';
import type { AppliedObject } from '../../gitops/flux/flux-kustomization.js';
import type { KustomizationFile } from '../../gitops/kustomize/kustomization-file.js';

export const pruneAnnotation = 'kustomize.toolkit.fluxcd.io/prune';

/**
 * By the kustomization, not in the file: its MAC may cover what is in clear too, so that `sops` would refuse it from then
 * on. Flux decrypts what kustomize built, and does not ask for the MAC.
 */
export function keepingPatch(name: string): {
  readonly target: Readonly<Record<string, string>>;
  readonly patch: string;
} {
  return {
    target: { kind: 'Secret', name },
    patch: `apiVersion: v1
kind: Secret
metadata:
  name: ${name}
  annotations:
    ${pruneAnnotation}: disabled
`,
  };
}

/** The index of that patch; -1 where it is not there. */
export function keepingPatchIn({ value }: KustomizationFile, name: string): number {
  const { target, patch } = keepingPatch(name);
  return itemsOf(value['patches']).findIndex(
    (item) =>
      isMap(item) &&
      String(item['patch']).trim() === patch.trim() &&
      valueAt(item, ['target', 'name']) === target['name'],
  );
}

export function isKept({ composed }: AppliedObject): boolean {
  return valueAt(composed.value, ['metadata', 'annotations', pruneAnnotation]) === 'disabled';
}

/** Whether Flux still decrypts the document with one more annotation in clear: by SOPS' rule none of its keys is encrypted. */
export function toleratesAnnotation(sops: Readonly<Record<string, unknown>>): boolean {
  const rule = sops['encrypted_regex'];
  if (typeof rule !== 'string' || rule === '') return false;
  const pattern = goPattern(rule);
  return typeof pattern !== 'string' && !['metadata', 'annotations', pruneAnnotation].some(pattern);
}
