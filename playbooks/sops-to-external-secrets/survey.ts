/**
 * Every encrypted file of the repository, and what becomes of it. Only names are read: of keys, files and objects, which
 * SOPS leaves in clear. A value is never looked at.
 */
import { manifestsOf } from '../../gitops/manifests/manifest.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { Repository } from '../../gitops/model/repository.js';
import type { Producer } from '../../gitops/references/reference.js';
import { BeforeStore } from './before-store.js';
import { encryptedTexts } from './encrypted-texts.js';
import { type EncryptedFile, listingsOf, type SopsSecret, secretsOf } from './encrypted-file.js';
import { Homes } from './homes.js';
import { inputsOf } from './inputs.js';
import { namesakeOf } from './namesakes.js';
import { OtherClusters } from './other-clusters.js';
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
  const others = new OtherClusters(repository);
  const homes = new Homes(homesTaken(repository, store));
  const inputs = inputsOf(repository);
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
      kept.push({ path, name, why, isExempt, isApplied: inputs.has(path) });
    };
    if (reason !== undefined) {
      keep(reason, true);
      continue;
    }
    const encrypted = { path, secrets, listings: listingsOf(path, repository) };
    const isKey = secrets.length > 0 && secrets.every(({ name }) => keySecrets.has(name));
    const why =
      others.keeps(encrypted) ??
      whyKept(file, encrypted, repository) ??
      (typeof store === 'string' ? store : undefined);
    if (why !== undefined) keep(why);
    else if (isKey) keys.push(encrypted);
    else {
      const where = placeOf(encrypted, store as Store, before!, homes, repository);
      if (typeof where === 'string') keep(where);
      else moves.push({ ...encrypted, ...where });
    }
  }
  const texts = encryptedTexts(repository).map(({ path, why }): Kept => {
    const reason = exemptionOf(parameters, path);
    return { path, name: '-', why: reason ?? why, isExempt: reason !== undefined, isApplied: inputs.has(path) };
  });
  return { moves, keys, kept: [...kept, ...texts] };
}

/** A store that is new brings two files. */
function homesTaken({ tree }: Repository, store: Store | string): readonly string[] {
  if (typeof store === 'string' || store.folder === undefined) return tree.paths;
  return [...tree.paths, `${store.folder}/kustomization.yaml`, `${store.folder}/clustersecretstore.yaml`];
}

/** Whether an ExternalSecret makes it wherever it is applied, with all of its keys. */
export function isExpanded({ secrets }: EncryptedFile, repository: Repository): boolean {
  return secrets.every(({ name, keys, namespaces }) =>
    namespaces.every((namespace) =>
      makersOf(namespace, name, repository).some((maker) => keys.every((key) => maker.keys?.has(key) ?? true)),
    ),
  );
}

/** Those of External Secrets. */
function makersOf(namespace: string, name: string, { references }: Repository): readonly Producer[] {
  return references.producersOf({ kind: 'Secret', namespace, name }).filter(({ form }) => form === 'external-secret');
}

/** Where its ExternalSecrets go, or why they cannot. */
function placeOf(
  encrypted: EncryptedFile,
  store: Store,
  before: BeforeStore,
  homes: Homes,
  repository: Repository,
): Pick<Move, 'home' | 'form'> | string {
  const { path, secrets } = encrypted;
  for (const { name, namespaces } of secrets) {
    const users = namespaces.flatMap((namespace) =>
      repository.references.consumersOf({ kind: 'Secret', namespace, name }),
    );
    const needy = users.find((user) => before.needs(user) !== undefined && !before.readsInVain(user));
    if (needy) return `cannot come through the store: ${before.needs(needy)}`;
  }
  const [maker] = secrets.flatMap(({ name, namespaces }) =>
    namespaces.flatMap((namespace) => makersOf(namespace, name, repository)),
  );
  const made = maker?.object?.composed.root.place;
  // To write the whole would write over it, or make a Secret twice.
  if (made && !isExpanded(encrypted, repository))
    return `is made in part by ${made.file}; complete that, for each of its Secrets, keys and namespaces`;
  const owners = new Set(secrets.flatMap(({ applied }) => applied.map(({ owner }) => owner)));
  const isShared = [...owners].some((owner) => before.parents.has(owner));
  const namesake = made ? undefined : namesakeOf(encrypted, isShared, repository);
  if (namesake) {
    const { file, line } = namesake.composed.root.place;
    return `would come by an object of the name of ${namesake.id.kind} ${namesake.id.name} (${file}:${line}); give that one another name`;
  }
  const [first] = secrets as readonly [SopsSecret];
  if (isShared && secrets.some(({ name, item }) => name !== item))
    return 'has the name of another encrypted Secret, and both would be made by one object; give one of them another name';
  if (!isShared) {
    const early = [...owners].find((owner) => before.has(owner) || owner.kind !== 'kustomization');
    if (early)
      return `is applied by ${early.kind === 'kustomization' ? objectText(early.id) : 'hand'}, which comes before the store; leave it encrypted, and name it in exempt`;
    return { form: 'beside', home: made?.file ?? homes.beside(path, first.name) };
  }
  if (store.folder === undefined)
    return `is applied by what comes before the store, and the store has no Kustomization of its own that could bring it; give ClusterSecretStore ${store.name} one that depends on ${objectText(store.operatorOwner.id)}`;
  return { form: 'shared', home: made?.file ?? homes.shared(store.folder, first.name) };
}
