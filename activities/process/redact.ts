/** Owns what of a command's output may leave the machine: secrets masked, long texts shortened. */

import { headOf, tailOf } from './utf8-cut.js';

const mask = '[redacted]';

const secretName = '(?:pass(?:word|wd|phrase)|token|secret|api[_-]?key|(?:access|secret|private)[_-]?key)';
/** Between name and value: `password=`, `"token": `, and the same inside escaped JSON. */
const assignment = `${secretName}\\\\*["']?[ \\t]*[:=][ \\t]*`;
/** A quoted text, closed or cut off, or everything up to the next space. */
const value = `(?:\\\\*"(?:\\\\.|[^"\\\\\\n])*"?|'(?:''|[^'\\n])*'?|\\S+)`;
const pemEdge = (word: 'BEGIN' | 'END'): string => `-----${word} [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----`;
const base64 = '[A-Za-z0-9+/=]';
/** Between the lines of a key: in a file, indented in YAML, quoted in code, escaped in JSON. */
const pemGap = `(?:\\\\[nr]|[\\s"'|>])`;
const urlUser = '[^\\s/?#@:[]{0,256}';
const urlPassword = `[^\\s"'<>]{1,512}`;
const notPort = '(?!\\d{1,5}(?:[/?#]|$))';

/** Applied in this order. Every repetition is bounded or cannot begin twice on the same text, so that hostile output costs linear time. */
const rules: readonly (readonly [RegExp, string])[] = [
  // Private keys: whole, then those whose end or beginning was cut off.
  [new RegExp(`${pemEdge('BEGIN')}[\\s\\S]{0,16384}?${pemEdge('END')}`, 'g'), mask],
  [
    new RegExp(`${pemEdge('BEGIN')}(?:${pemGap}{1,40}${base64}{16,8192})*(?:${pemGap}{1,40}${base64}{1,15}=)?`, 'g'),
    mask,
  ],
  [
    new RegExp(
      `(?<!${base64})(?:${base64}{16,8192}${pemGap}{1,40}){0,120}(?:${base64}{1,15}${pemGap}{1,40})?${pemEdge('END')}`,
      'g',
    ),
    mask,
  ],
  // Tokens known by their form. No word boundary in front: a colour code ends in a letter.
  [/gh[pousr]_[A-Za-z0-9]+|github_pat_\w+|glpat-[\w-]+|npm_[A-Za-z0-9]{36}/g, mask],
  [/xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+/g, mask],
  [/(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}|AIza[\w-]{35}/g, mask],
  [/AGE-SECRET-KEY-[A-Z0-9-]+/gi, mask],
  [/eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, mask],
  [/(?<![A-Za-z0-9])sk-[\w-]{20,}/g, mask],
  [/(authorization["']?[ \t]*[:=][ \t]*["']?(?:bearer|basic|token)[ \t]+)[^\s"',]+/gi, `$1${mask}`],
  [/(bearer[ \t]+)[\w.~+/=-]{8,}/gi, `$1${mask}`],
  // In URLs a port is not a password. Over HTTP the user's name goes too: it is where some forges put the token.
  [new RegExp(`(https?://)${urlUser}:${notPort}${urlPassword}@`, 'gim'), `$1${mask}@`],
  [/(https?:\/\/)[^\s/?#@:[\]]{1,512}@/gi, `$1${mask}@`],
  [new RegExp(`(://${urlUser}:)${notPort}${urlPassword}@`, 'gm'), `$1${mask}@`],
  // A YAML block below `password: |`: every line that is indented further.
  [
    new RegExp(
      `^([ \\t]*)((?:- +)?[\\w.-]{0,100}${secretName}["']?:[ \\t]*)[|>][-+0-9]*[ \\t]*(?:\\r?\\n(?:\\1[ \\t]+[^\\n]+|[ \\t]*(?=\\r?\\n)))+`,
      'gim',
    ),
    `$1$2${mask}`,
  ],
  [new RegExp(`((?:${assignment})+)${value}`, 'gi'), `$1${mask}`],
  [new RegExp(`(--[\\w-]{0,60}${secretName}[ \\t]+)(?!-)${value}`, 'gi'), `$1${mask}`],
];

/**
 * Masks what looks like a secret: known token forms, private keys, passwords in URLs, and values behind a telling name.
 * Pure and idempotent. It recognises forms, not values: an unquoted passphrase loses only its first word, and a
 * secret under a harmless name (a Kubernetes Secret's base64 data, say) stays.
 */
export function redact(text: string): string {
  return rules.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement), text);
}

/** Shortens to at most `maxBytes` of UTF-8, head and tail kept and the gap named; redact first, since a cut secret is not recognised. */
export function excerpt(text: string, maxBytes = 4096): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= maxBytes) return text;
  const marker = (leftOut: number): string => `\n… ${leftOut} bytes left out …\n`;
  // The number can only get shorter than the one of all bytes.
  const room = maxBytes - Buffer.byteLength(marker(bytes.length));
  if (room <= 0) return headOf(bytes, maxBytes).toString('utf8');
  const head = headOf(bytes, Math.ceil(room / 2));
  const tail = tailOf(bytes, Math.floor(room / 2));
  return `${head.toString('utf8')}${marker(bytes.length - head.length - tail.length)}${tail.toString('utf8')}`;
}
