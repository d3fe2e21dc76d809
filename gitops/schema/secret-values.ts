/** What a secret is told by: the name of its key, and that its value is the secret itself and no reference to one. */
import { fieldOf, fieldsOf, textOf, valueAt } from '../manifests/fields.js';
import type { YamlPath } from '../yaml/yaml-file.js';

/** The words that a key ends in, in lower case: `RCON_PASSWORD`, `adminPassword`, `secretAccessKey`. */
const secretEndings: readonly (readonly string[])[] = [
  ['password'],
  ['passwd'],
  ['passphrase'],
  ['passcode'],
  ['pass'],
  ['pwd'],
  ['token'],
  ['credentials', 'json'],
  ['api', 'key'],
  ['apikey'],
  ['access', 'key'],
  ['access', 'key', 'id'],
  ['accesskey'],
  ['secret', 'key'],
  ['secretkey'],
  ['secret', 'access', 'key'],
  ['private', 'key'],
  ['encryption', 'key'],
  ['signing', 'key'],
  ['license', 'key'],
  ['client', 'secret'],
  ['session', 'secret'],
  ['jwt', 'secret'],
  ['cookie', 'secret'],
  ['webhook', 'secret'],
  ['shared', 'secret'],
  ['bot', 'secret'],
];

export function namesSecret(key: string): boolean {
  if (!mayName.test(key)) return false;
  const words = wordsOf(key);
  // `existingSecretAdminPassword`: the name of a Secret that has it.
  if (words[0] === 'existing') return false;
  return secretEndings.some(
    (ending) => ending.length <= words.length && ending.every((word, at) => words.at(at - ending.length) === word),
  );
}

/** Every ending has one of these: most keys are sorted out without being taken apart. */
const mayName = /pass|pwd|token|key|secret|json/i;

function wordsOf(key: string): readonly string[] {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** How a value says that the secret is elsewhere, or that there is none. */
const elsewhere = [
  /^\s*$/,
  // Variables, templates, and what tools put in later.
  /\$\{|\$\(|\{\{|^\$\w|^\$__/,
  /^ENC\[/,
  /^(?:op|ref\+\w+|vault|env|file|aws-sm|gcp-sm|bws):/,
  // A path to a file, a gap to be filled in, and words that switch something.
  /^(?:\.{0,2}\/|[A-Za-z]:\\)/,
  /^<[^<>]*>$/,
  /^(?:true|false|none|null|auto|random|generated?)$/i,
];

/** Whether a value is the secret itself: a placeholder is one too, since it is what the program starts with. */
export function isSecretItself(value: unknown): boolean {
  if (typeof value === 'number') return true;
  return typeof value === 'string' && !elsewhere.some((pattern) => pattern.test(value));
}

/** `postgres://user:password@host`: whatever the key is called. */
export function hasPasswordInUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !value.includes('://')) return false;
  const [, password] = /\b[a-z][a-z\d+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/i.exec(value) ?? [];
  return password !== undefined && isSecretItself(password);
}

/** Whether what stands there may stand in no message: what a Secret holds, what has a telling name, and all that holds such. */
export function isConfidential(object: unknown, path: YamlPath): boolean {
  const holdsSecrets = fieldOf(object, 'kind') === 'Secret' && (path[0] === 'data' || path[0] === 'stringData');
  return (
    holdsSecrets ||
    path.some((step, index) => hasTellingName(valueAt(object, path.slice(0, index)), step)) ||
    holdsConfidential(valueAt(object, path))
  );
}

/** By its key, by the name beside it (`{ name: DB_PASSWORD, value: … }`), or by the option before it (`--password`). */
function hasTellingName(parent: unknown, key: string | number): boolean {
  if (typeof key === 'number') return namesSecret(/^--?([\w.-]+)$/.exec(String(fieldOf(parent, key - 1)))?.[1] ?? '');
  return namesSecret(key === 'value' ? (textOf(fieldOf(parent, 'name')) ?? key) : key);
}

function holdsConfidential(value: unknown): boolean {
  if (typeof value === 'string') {
    const [, option = ''] = /^-*([\w.-]+)[= ]/.exec(value) ?? [];
    return namesSecret(option) || hasPasswordInUrl(value);
  }
  const parts = Array.isArray(value) ? [...value.entries()] : Object.entries(fieldsOf(value));
  return parts.some(([key, part]) => hasTellingName(value, key) || holdsConfidential(part));
}

/** A value that anybody may have until it is changed. */
export function isPlaceholder(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^(?:change[-_ ]?me.*|redacted|replace[-_ ]?me.*|placeholder|example|todo|x{3,}|\*{3,}|your[-_ ].*)$/i.test(value)
  );
}
