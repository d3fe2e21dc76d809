/** Encrypted files that are not read as YAML: Flux decrypts them before it builds, whatever they are called. */
import { joinPath } from '../../gitops/kustomize/repository-files.js';
import type { Repository } from '../../gitops/model/repository.js';
import { inputsOf } from './inputs.js';

export interface EncryptedText {
  readonly path: string;
  readonly why: string;
}

/** Those that a generator takes, or a build reads. */
export function encryptedTexts(repository: Repository): readonly EncryptedText[] {
  const users = new Map([...inputsOf(repository)].map((path) => [path, 'a build of Flux']));
  for (const { directory, generators } of repository.kustomize.kustomizations.values())
    for (const { kind, name, files, envs } of generators)
      for (const { path: text } of [...files, ...envs]) {
        const path = joinPath(directory, text);
        if (path !== undefined) users.set(path, `the generator of ${kind} ${name}`);
      }
  return [...users].flatMap(([path, user]) =>
    !repository.file(path) && isEncryptedText(path, repository)
      ? [{ path, why: `is encrypted for ${user}; make an ExternalSecret of it by hand, with a template for the file` }]
      : [],
  );
}

/** The name is asked too: of a file that is not in the tree nothing else tells. */
function isEncryptedText(path: string, { tree }: Repository): boolean {
  if (/\.sops\.|\.enc\./.test(path)) return true;
  try {
    return sopsMark.test(Buffer.from(tree.read(path)).toString('utf8'));
  } catch {
    return false;
  }
}

/** A value or the MAC in any format; else the metadata of dotenv, ini, YAML and JSON, in this order. */
const sopsMark = /ENC\[AES256_GCM,|^sops_mac=|^\[sops\]\s*$|^sops:\s*$|"sops"\s*:\s*\{/m;
