/** What is there under the name that a new object would have: kustomize refuses the second, or the operator does. */
import type { BuiltObject } from '../../gitops/kustomize/built-object.js';
import type { Repository } from '../../gitops/model/repository.js';
import type { EncryptedFile } from './encrypted-file.js';

/** Applied, or built with what lists the file, whoever applies that. */
export function namesakeOf(
  { secrets, listings }: EncryptedFile,
  isShared: boolean,
  { flux, kustomize }: Repository,
): BuiltObject | undefined {
  const builds = listings.map(({ kustomization }) => kustomize.build(kustomization.directory).objects);
  for (const objects of [flux.objects, ...builds]) {
    const replaced = objects.filter(({ manifest }) => secrets.some((secret) => secret.manifest === manifest));
    const found = objects.find(({ id }) => {
      if (id.group !== 'external-secrets.io') return false;
      if (id.kind === 'ClusterExternalSecret') return isShared && replaced.some((one) => one.id.name === id.name);
      // A shared one makes an ExternalSecret in each namespace.
      return (
        id.kind === 'ExternalSecret' &&
        replaced.some((one) => one.id.name === id.name && one.id.namespace === id.namespace)
      );
    });
    if (found) return found;
  }
  return undefined;
}
