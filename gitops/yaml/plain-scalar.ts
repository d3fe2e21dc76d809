/** What an unquoted scalar is to Kubernetes, which reads YAML 1.1 (go-yaml v2), where words of 1.2 are booleans too. */

export type PlainType = 'text' | 'boolean' | 'number' | 'null';

const booleans = /^(?:y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE|n|N|no|No|NO|off|Off|OFF|false|False|FALSE)$/;
const nulls = /^(?:~|null|Null|NULL)?$/;
const integers = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/;
const floats = /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** Of the text as it stands in the file, without quotes. */
export function plainType(text: string): PlainType {
  if (nulls.test(text)) return 'null';
  if (booleans.test(text)) return 'boolean';
  // Underscores may stand anywhere in a number but in front.
  const digits = /^[-+.\d]/.test(text) ? text.replaceAll('_', '') : text;
  return integers.test(digits) || floats.test(digits) ? 'number' : 'text';
}
