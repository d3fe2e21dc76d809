/**
 * The Secrets of chart connect (1Password Connect): it makes one only of a value that the file gives, and else needs it.
 * Source: values.yaml of the chart, 1.17.0 and 2.4.1.
 */
import { nonEmpty, valueAt } from '../manifests/fields.js';
import type { YamlPath } from '../yaml/yaml-file.js';

export interface ConnectSecret {
  /** To the value that names it. */
  readonly path: YamlPath;
  readonly name: string;
  readonly isMade: boolean;
}

interface Entry {
  /** What must be on for it. */
  readonly part: YamlPath;
  readonly isOnByDefault: boolean;
  readonly path: YamlPath;
  readonly byDefault: string;
  /** Any of these makes it. */
  readonly from: readonly YamlPath[];
}

const entries: readonly Entry[] = [
  {
    part: ['connect', 'create'],
    isOnByDefault: true,
    path: ['connect', 'credentialsName'],
    byDefault: 'op-credentials',
    from: [
      ['connect', 'credentials'],
      ['connect', 'credentials_base64'],
    ],
  },
  {
    part: ['operator', 'create'],
    isOnByDefault: false,
    path: ['operator', 'token', 'name'],
    byDefault: 'onepassword-token',
    from: [['operator', 'token', 'value']],
  },
];

export function connectSecrets(values: unknown): readonly ConnectSecret[] {
  return entries.flatMap(({ part, isOnByDefault, path, byDefault, from }) => {
    // The token of an operator that is off is made all the same where its value is given.
    const isMade = from.some((given) => nonEmpty(valueAt(values, given)) !== undefined);
    const isOn = (valueAt(values, part) ?? isOnByDefault) === true;
    const name = nonEmpty(valueAt(values, path)) ?? byDefault;
    return isOn || isMade ? [{ path, name, isMade }] : [];
  });
}
