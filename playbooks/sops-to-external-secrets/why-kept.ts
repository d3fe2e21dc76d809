/** What External Secrets cannot take over, told from the file alone and from how it is applied. */
import { fieldOf, fieldsOf, nonEmpty } from '../../gitops/manifests/fields.js';
import { isKnown } from '../../gitops/manifests/object-id.js';
import { isCipherText, isEncrypted } from '../../gitops/manifests/sops.js';
import type { Repository } from '../../gitops/model/repository.js';
import type { YamlFile } from '../../gitops/yaml/yaml-file.js';
import { namedChange, unreadNaming } from './named-changes.js';
import { toleratesAnnotation } from './retirement.js';
import type { EncryptedFile } from './encrypted-file.js';

/** Why nothing can take its place; undefined where an ExternalSecret can. */
export function whyKept(
  file: YamlFile,
  { secrets, listings }: EncryptedFile,
  repository: Repository,
): string | undefined {
  const documents = file.documents.filter(({ value }) => value !== null && value !== undefined);
  if (file.problems.length > 0) return 'does not parse; repair it first';
  if (secrets.length < documents.length) {
    const kind = documents.map(({ value }) => nonEmpty(fieldOf(value, 'kind'))).find((text) => text !== 'Secret');
    return `${kind !== undefined && !isCipherText(kind) ? `holds a ${kind}` : 'holds something'} that is no Secret of Kubernetes, which External Secrets cannot make; move it by hand, or name it in exempt`;
  }
  for (const secret of secrets) {
    const { manifest, keys, applied, name } = secret;
    const { value, origin } = manifest;
    if (!isEncrypted(value) || origin.path.length > 0)
      return 'is encrypted in part; give each Secret a file of its own';
    if (keys.length === 0) return 'has no keys';
    if (value['immutable'] === true) return 'is immutable: nothing may take it over; make a new Secret by hand';
    if (hasCipherText({ ...value, data: {}, stringData: {}, sops: {} }))
      return 'encrypts more than its values; encrypt only data and stringData, then run this again';
    const metadata = JSON.stringify([value['metadata'], value['type']]);
    if (metadata.includes('{{')) return 'has metadata that External Secrets would take for a template; move it by hand';
    if (!isKnown(metadata) || applied.some(({ id }) => id.name !== name))
      return 'has another name in the cluster than in the file (a variable, a prefix or a suffix); move it by hand';
    if (applied.length === 0) return 'is applied by no Kustomization; move it by hand, or name it in exempt';
    if (applied.some(({ id }) => id.namespace === ''))
      return 'is applied without a namespace; give its Kustomization a targetNamespace';
    if (!toleratesAnnotation(fieldsOf(value['sops'])))
      return 'encrypts the names of annotations too, so that Flux could not decrypt it with one more; move it by hand';
    const change = namedChange(secret, repository)?.place;
    if (change)
      return `is changed by its name in ${change.file}:${change.line}, which would fail the build without it; write what that changes into the file, and take it out there`;
    const unread = unreadNaming(secret);
    if (unread) {
      const { file: at, line } = unread.origin.place;
      return `is built with ${unread.text} (${at}:${line}), which may name it and would then fail the build without it; do without them, or move it by hand`;
    }
  }
  if (listings.length === 0)
    return 'is listed by no kustomization.yaml, which would have to keep its Secret while it changes hands; write one for its folder';
  return undefined;
}

function hasCipherText(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isCipherText(value);
  return Object.entries(value).some(([key, part]) => isCipherText(key) || hasCipherText(part));
}
