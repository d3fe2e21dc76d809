/** What is encrypted with SOPS: told by the metadata that SOPS leaves in a document, never by a file's name. */
import { fieldOf, isMap } from './fields.js';

/** A document that SOPS encrypted: it has a `sops` mapping with a MAC or a list of keys. */
export function isEncrypted(value: unknown): boolean {
  const sops = fieldOf(value, 'sops');
  return isMap(sops) && (typeof fieldOf(sops, 'mac') === 'string' || keyGroups.some((group) => fieldOf(sops, group)));
}

const keyGroups = ['age', 'pgp', 'kms', 'gcp_kms', 'azure_kv', 'hc_vault'];

/** A value that SOPS encrypted: what stands there is not what the cluster gets. */
export function isCipherText(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('ENC[') && value.endsWith(']');
}
