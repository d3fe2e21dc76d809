/** Secrets in clear in a file that is given to a Secret: lines of settings, private keys, and texts that are one secret as a whole. */
import { hasPasswordInUrl, isSecretItself, namesSecret } from './secret-values.js';

export interface TextSecret {
  /** Of its setting; empty where the text is the secret. */
  readonly key: string;
  readonly offset: number;
}

/** What SOPS, age, PGP and git-crypt leave, in any format: no such file is in clear, whatever else it holds. */
export function isCipherFile(text: string): boolean {
  return /\bENC\[|age-encryption\.org\/v1|-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE)-----|^\0GITCRYPT/.test(text);
}

/** `KEY=value` lines that become keys of the Secret: each is meant to be one. */
export function secretsInEnvironment(text: string): readonly TextSecret[] {
  return settingsIn(text).filter(({ value }) => isSecretItself(value));
}

/** Of a file that becomes one value of the Secret, and may be mostly plain configuration. */
export function secretsInText(text: string): readonly TextSecret[] {
  // A key store, say: what is in it cannot be seen.
  if (/[\0\uFFFD]/.test(text)) return [];
  const isOneValue = settingsIn(text).length === 0 && !text.trim().includes('\n') && !privateKey.test(text);
  if (isOneValue) return isSecretItself(text) ? [{ key: '', offset: 0 }] : [];
  return secretsWithin(text);
}

/** Of a text that is no secret as a whole: a private key, or settings with a telling key. */
export function secretsWithin(text: string): readonly TextSecret[] {
  const offset = text.search(privateKey);
  if (offset !== -1) return [{ key: '', offset }];
  return settingsIn(text).filter(
    ({ key, value }) =>
      (namesSecret(key) && isSecretItself(value) && !expression.test(value)) || hasPasswordInUrl(value),
  );
}

/** Of a program: a call, an index, a field of what holds settings, a type. */
const expression = /^[\w.]+[([]|^`|^(?:args|config|os|process|self|this)\.\w|^(?:str|string)[,;]?$/;

/** With what follows it: a gap, a variable or a pattern is no key. */
const privateKey = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:\s|\\n)*[A-Za-z\d+/]/;

/** `key = value`, `key: value` and `export KEY="value"`, whatever else the file is; comments are none. */
function settingsIn(text: string): readonly (TextSecret & { readonly value: string })[] {
  return [...text.matchAll(/^[ \t]*(?:export[ \t]+)?["']?([\w.-]+)["']?[ \t]*[=:](?!\/\/)[ \t]*([^\r\n]*)/gm)].map(
    ({ 1: key = '', 2: written = '', index }) => ({ key, value: unquoted(written), offset: index }),
  );
}

/** Without the comment behind it. */
function unquoted(written: string): string {
  return /^(["'])(.*?)\1/.exec(written)?.[2] ?? written.replace(/(?:^|\s)[#;].*/, '').trim();
}
