/**
 * What an unquoted scalar is to kustomize, and so to Flux. Manifests it reads with go-yaml v3, which takes the numbers of
 * YAML 1.1 but `yes`, `on` and the like for text, and writes them with quotes; its own files and lists of operations with
 * go-yaml v2, to which they are booleans.
 */

export type PlainType = 'text' | 'boolean' | 'number' | 'null';

const booleans = /^(?:true|True|TRUE|false|False|FALSE)$/;
const oldBooleans = /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/;
const nulls = /^(?:~|null|Null|NULL)?$/;
const integers = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/;
const floats = /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** Of the text as it stands in the file, without quotes; `oldWords` for what is read with go-yaml v2. */
export function plainType(text: string, oldWords = false): PlainType {
  if (nulls.test(text)) return 'null';
  if (booleans.test(text) || (oldWords && oldBooleans.test(text))) return 'boolean';
  // Underscores may stand anywhere in a number but in front.
  const digits = /^[-+.\d]/.test(text) ? text.replaceAll('_', '') : text;
  return integers.test(digits) || floats.test(digits) ? 'number' : 'text';
}
