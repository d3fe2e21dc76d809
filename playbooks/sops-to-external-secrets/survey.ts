/**
 * Every encrypted file of the repository, and what becomes of it. Only names are read: of keys, files and objects, which
 * SOPS leaves in clear. A value is never looked at.
 */
import type { AppliedObject } from '../../gitops/flux/flux-kustomization.js';
import { folderOf, joinPath } from '../../gitops/kustomize/repository-files.js';
import { manifestsOf } from '../../gitops/manifests/manifest.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { Repository } from '../../gitops/model/repository.js';
import { BeforeStore } from './before-store.js';
import { type EncryptedFile, listingsOf, type SopsSecret, secretsOf } from './encrypted-file.js';
import { exemptionOf, type Parameters } from './parameters.js';
import type { Store } from './store.js';
import { whyKept } from './why-kept.js';

export interface Survey {
  readonly moves: readonly Move[];
  /** Files with the key that decrypts the others. */
  readonly keys: readonly EncryptedFile[];
  readonly kept: readonly Kept[];
}

/** A file whose Secrets are going to come from the store. */
export interface Move extends EncryptedFile {
  /** Where its ExternalSecrets are written. */
  readonly home: string;
  /** `beside`: in its place. `shared`: by the store's own Kustomization, since the Secret's applier comes before the definitions. */
  readonly form: 'beside' | 'shared';
}

export interface Kept {
  readonly path: string;
  readonly name: string;
  readonly why: string;
  readonly isExempt: boolean;
  /** Whether Flux has to go on decrypting for it. */
  readonly isApplied: boolean;
}

export function surveyOf(repository: Repository, parameters: Parameters, store: Store | string): Survey {
  const before = typeof store === 'string' ? undefined : new BeforeStore(repository, store);
  const files = [...new Set(repository.encrypted.map(({ file }) => file))];
  const keySecrets = new Set(repository.flux.kustomizations.flatMap(({ spec }) => spec.decryption?.secret ?? []));
  const names = files.flatMap((file) => manifestsOf(file)).map(({ id }) => id.name);
  const moves: Move[] = [];
  const keys: EncryptedFile[] = [];
  const kept: Kept[] = [];
  for (const file of files) {
    const { path } = file;
    const reason = exemptionOf(parameters, path);
    const secrets = secretsOf(file, repository, names);
    const keep = (why: string, isExempt = false): void => {
      const name = secrets[0]?.name ?? '-';
      kept.push({ path, name, why, isExempt, isApplied: isApplied(path, repository) });
    };
    if (reason !== undefined) {
      keep(reason, true);
      continue;
    }
    const encrypted = { path, secrets, listings: listingsOf(path, repository) };
    const isKey = secrets.length > 0 && secrets.every(({ name }) => keySecrets.has(name));
    const why = whyKept(file, encrypted) ?? (typeof store === 'string' ? store : undefined);
    if (why !== undefined) keep(why);
    else if (isKey) keys.push(encrypted);
    else {
      const where = placeOf(encrypted, store as Store, before!, repository);
      if (typeof where === 'string') keep(where);
      else moves.push({ ...encrypted, ...where });
    }
  }
  return { moves, keys, kept: [...kept, ...generated(repository)] };
}

/** What stands in the place of a Secret's file name. */
export function externalSecretFile(path: string, name: string, repository: Repository): string {
  const folder = folderOf(path);
  const base = path.slice(folder === '' ? 0 : folder.length + 1).replace(/(?:\.sops)?\.ya?ml$/, '');
  const wanted = base === 'secret' ? 'externalsecret.yaml' : `${base}.externalsecret.yaml`;
  const at = (file: string): string => (folder === '' ? file : `${folder}/${file}`);
  return repository.file(at(wanted)) ? at(`${name}.externalsecret.yaml`) : at(wanted);
}

/** Whether an ExternalSecret makes it wherever it is applied. */
export function isExpanded({ secrets }: EncryptedFile, repository: Repository): boolean {
  return secrets.every(({ name, applied }) => applied.every(({ id }) => makerOf(id.namespace, name, repository)));
}

function makerOf(namespace: string, name: string, { references }: Repository): AppliedObject | undefined {
  return references
    .producersOf({ kind: 'Secret', namespace, name })
    .find(({ form, object }) => form === 'external-secret' && object)?.object;
}

/** Where its ExternalSecrets go, or why they cannot. */
function placeOf(
  { path, secrets }: EncryptedFile,
  store: Store,
  before: BeforeStore,
  repository: Repository,
): Pick<Move, 'home' | 'form'> | string {
  for (const { name, namespaces } of secrets) {
    const users = namespaces.flatMap((namespace) =>
      repository.references.consumersOf({ kind: 'Secret', namespace, name }),
    );
    const needy = users.find((user) => before.needs(user) !== undefined && !before.readsInVain(user));
    if (needy) return `cannot come through the store: ${before.needs(needy)}`;
  }
  const owners = new Set(secrets.flatMap(({ applied }) => applied.map(({ owner }) => owner)));
  const isShared = [...owners].some((owner) => before.parents.has(owner));
  const [first] = secrets as readonly [SopsSecret];
  if (isShared && secrets.some(({ name, item }) => name !== item))
    return 'has the name of another encrypted Secret, and both would be made by one object; give one of them another name';
  if (!isShared) {
    const early = [...owners].find((owner) => before.has(owner) || owner.kind !== 'kustomization');
    if (early)
      return `is applied by ${early.kind === 'kustomization' ? objectText(early.id) : 'hand'}, which comes before the store; leave it encrypted, and name it in exempt`;
    const made = makerOf(first.namespaces[0]!, first.name, repository)?.composed.root.document.file.path;
    return { form: 'beside', home: made ?? externalSecretFile(path, first.name, repository) };
  }
  if (store.folder === undefined)
    return `is applied by what comes before the store, and the store has no Kustomization of its own that could bring it; give ClusterSecretStore ${store.name} one that depends on ${objectText(store.operatorOwner.id)}`;
  return { form: 'shared', home: `${store.folder}/${first.name}.yaml` };
}

/** Files for generators that are no YAML and yet encrypted: Flux decrypts them before it builds. */
function generated(repository: Repository): readonly Kept[] {
  const { kustomize, encrypted } = repository;
  const known = new Set(encrypted.map(({ file }) => file.path));
  const kept = new Map<string, Kept>();
  for (const { directory, generators } of kustomize.kustomizations.values())
    for (const { kind, name, files, envs } of generators)
      for (const { path: text } of [...files, ...envs]) {
        const path = joinPath(directory, text);
        if (path === undefined || known.has(path) || !/\.sops\.|\.enc\./.test(path)) continue;
        const why = `is encrypted for the generator of ${kind} ${name}; make an ExternalSecret of it by hand, with a template for the file`;
        kept.set(path, { path, name, why, isExempt: false, isApplied: true });
      }
  return [...kept.values()];
}

function isApplied(path: string, { flux }: Repository): boolean {
  return [...flux.kustomizations, ...flux.entryPoints].some(({ build }) => build?.inputs.has(path));
}
