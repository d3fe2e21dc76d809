/** The keys that a Secret gets from an ExternalSecret, as far as the manifest says. */
import { fieldOf, fieldsOf, itemsOf, nonEmpty, valueAt } from '../manifests/fields.js';

export interface SecretKeys {
  readonly names: ReadonlySet<string>;
  /** It gets keys as well that stand in no file. */
  readonly isOpen: boolean;
}

/** Of an ExternalSecret, or of `externalSecretSpec` of a ClusterExternalSecret. */
export function externalSecretKeys(spec: unknown): SecretKeys {
  const template = valueAt(spec, ['target', 'template']);
  const templated = Object.keys(fieldsOf(fieldOf(template, 'data')));
  const fetched = itemsOf(fieldOf(spec, 'data')).flatMap((item) => nonEmpty(fieldOf(item, 'secretKey')) ?? []);
  const fetchesAll = itemsOf(fieldOf(spec, 'dataFrom')).length > 0;
  // A template replaces what was fetched, unless it is to be merged with it.
  const merges = fieldOf(template, 'mergePolicy') === 'Merge';
  const isOpenTemplate = itemsOf(fieldOf(template, 'templateFrom')).length > 0;
  if (templated.length === 0 && !isOpenTemplate) return { names: new Set(fetched), isOpen: fetchesAll };
  return {
    names: new Set([...templated, ...(merges ? fetched : [])]),
    isOpen: isOpenTemplate || (merges && fetchesAll),
  };
}

/** The Secret that an ExternalSecret makes. */
export function externalSecretTarget(object: unknown, name: string): string {
  return nonEmpty(valueAt(object, ['spec', 'target', 'name'])) ?? name;
}
