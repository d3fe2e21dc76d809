/** Second stage: an ExternalSecret for each Secret, beside the encrypted one, which Flux is told to keep. */
import type { FluxKustomization } from '../../gitops/flux/flux-kustomization.js';
import type { KustomizationFile } from '../../gitops/kustomize/kustomization-file.js';
import { itemsOf } from '../../gitops/manifests/fields.js';
import { counted } from '../../gitops/lint/wording.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import { isSubstituteFrom } from '../../gitops/model/flux-consumers.js';
import type { Repository } from '../../gitops/model/repository.js';
import type { YamlEdit, YamlValue } from '../../gitops/yaml/yaml-edit.js';
import { insertStep } from '../insert-step.js';
import type { PlaybookStep, StageWork } from '../playbook.js';
import { Waits } from '../waits.js';
import { BeforeStore, entryOf } from './before-store.js';
import { type EncryptedFile, type Listing, ownersOf } from './encrypted-file.js';
import { externalSecrets } from './external-secret.js';
import { inputsOf } from './inputs.js';
import type { Parameters } from './parameters.js';
import { isKept, keepingPatch, keepingPatchIn } from './retirement.js';
import { findStore, type Store } from './store.js';
import { dependencyOn } from './store-stage.js';
import { isExpanded, type Move, surveyOf } from './survey.js';

export function expandStage(repository: Repository, parameters: Parameters): StageWork {
  const store = findStore(repository, parameters);
  // The store lands, and is proven, in the stage before.
  if (typeof store === 'string' || !store.owner) return { steps: [], notes: [] };
  const { moves, keys } = surveyOf(repository, parameters, store);
  const fresh = moves.filter((move) => !isExpanded(move, repository));
  return {
    steps: [
      ...fresh.map((move) => writing(move, store, parameters)),
      ...listingSteps(fresh, store, repository),
      ...waitingSteps(fresh, store.owner, repository),
      ...variableSteps(fresh, store, repository),
      ...keepingSteps([...moves, ...(moves.length > 0 || isLast(keys, repository) ? keys : [])]),
    ],
    notes: [],
  };
}

/** Whether nothing but the key itself is left to decrypt. */
function isLast(keys: readonly EncryptedFile[], repository: Repository): boolean {
  const paths = new Set(keys.map(({ path }) => path));
  const inputs = inputsOf(repository);
  return repository.encrypted.every(({ file }) => paths.has(file.path) || !inputs.has(file.path));
}

function writing(move: Move, store: Store, parameters: Parameters): PlaybookStep {
  const { secrets, form, home } = move;
  const kind = form === 'shared' ? 'ClusterExternalSecret' : 'ExternalSecret';
  const made = secrets.map(
    ({ name, namespaces, keys, item }) =>
      `${kind} for Secret ${name} in ${namespaces.join(', ')}: ${keys.join(', ')} of item ${item}`,
  );
  return {
    what: made.join('; '),
    file: home,
    change: { kind: 'write', text: externalSecrets(move, store, parameters) },
  };
}

/** From the last entry to the first, so that an index is still right when its turn comes. */
function listingSteps(moves: readonly Move[], store: Store, { kustomize }: Repository): readonly PlaybookStep[] {
  const beside = moves
    .filter(({ form }) => form === 'beside')
    .flatMap(({ home, listings }) => listings.map((listing) => ({ home, listing })))
    .toSorted((a, b) => indexOf(b.listing) - indexOf(a.listing))
    .map(({ home, listing: { kustomization, entry } }) =>
      inserting(
        kustomization.file.path,
        kustomization.origin.document.index,
        `${entry.text.slice(0, entry.text.lastIndexOf('/') + 1)}${nameOf(home)}`,
        Number(entry.origin.path[1]) + 1,
      ),
    );
  const bringing = store.folder === undefined ? undefined : kustomize.kustomizations.get(store.folder);
  const shared = moves.flatMap(({ form, home }) =>
    form === 'shared' && bringing
      ? [inserting(bringing.file.path, bringing.origin.document.index, `./${nameOf(home)}`, 'end')]
      : [],
  );
  return [...beside, ...shared];
}

function inserting(file: string, document: number, value: string, at: number | 'end'): PlaybookStep {
  return {
    what: `lists ${value}`,
    file,
    change: { kind: 'edit', edits: [{ op: 'insert', document, path: ['resources'], value, at }] },
  };
}

function indexOf({ entry }: Listing): number {
  return Number(entry.origin.path[1]);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** An ExternalSecret needs the definitions and the store. */
function waitingSteps(
  moves: readonly Move[],
  bringing: FluxKustomization,
  repository: Repository,
): readonly PlaybookStep[] {
  const waits = new Waits(repository.flux);
  const owners = new Set(moves.flatMap((move) => (move.form === 'beside' ? ownersOf(move) : [])));
  return [...owners].flatMap((owner): readonly PlaybookStep[] => {
    const { root } = owner.object.composed;
    if (root.isEmbedded || waits.waitsFor(owner.id, bringing.id) || !waits.depend(owner.id, bringing.id)) return [];
    const what = `${objectText(owner.id)}: dependsOn ${bringing.id.namespace}/${bringing.id.name}, which brings the store`;
    return [insertStep(what, root, ['spec', 'dependsOn'], dependencyOn(bringing))];
  });
}

/** What comes before the store must not read variables that come through it; what uses none of them can do without. */
function variableSteps(moves: readonly Move[], store: Store, repository: Repository): readonly PlaybookStep[] {
  const before = new BeforeStore(repository, store);
  const consumers = moves.flatMap(({ secrets }) =>
    secrets.flatMap(({ name, namespaces }) =>
      namespaces.flatMap((namespace) => repository.references.consumersOf({ kind: 'Secret', namespace, name })),
    ),
  );
  // From the last to the first of each list.
  const ordered = consumers.toSorted((a, b) => Number(b.path[3]) - Number(a.path[3]));
  return ordered.flatMap((consumer): readonly PlaybookStep[] => {
    if (!isSubstituteFrom(consumer) || before.needs(consumer) === undefined) return [];
    const kustomization = before.readsInVain(consumer);
    if (!kustomization) return [];
    const { value, origin } = entryOf(consumer);
    const edit: YamlEdit = {
      op: 'remove',
      document: origin.document.index,
      path: origin.pathInFile,
      value: value as YamlValue,
      pruneEmpty: true,
    };
    return [
      {
        what: `${objectText(kustomization.id)}: reads no variables of Secret ${consumer.target.name}, of which it uses none and which comes through the store that needs it`,
        file: origin.document.file.path,
        change: { kind: 'edit', edits: [edit] },
      },
    ];
  });
}

function keepingSteps(files: readonly EncryptedFile[]): readonly PlaybookStep[] {
  const names = new Map<KustomizationFile, Set<string>>();
  for (const { secrets, listings } of files)
    for (const { name, applied } of secrets)
      for (const { kustomization } of applied.every(isKept) ? [] : listings) {
        if (keepingPatchIn(kustomization, name) >= 0) continue;
        names.set(kustomization, (names.get(kustomization) ?? new Set()).add(name));
      }
  return [...names].map(([kustomization, kept]) => ({
    what: `Flux keeps ${counted(kept.size, 'Secret')} when the file goes: ${[...kept].join(', ')}`,
    file: kustomization.file.path,
    change: { kind: 'edit', edits: keepingEdits(kustomization, [...kept].map(keepingPatch)) },
  }));
}

function keepingEdits({ origin, value, file }: KustomizationFile, patches: readonly YamlValue[]): readonly YamlEdit[] {
  const at = { document: origin.document.index, path: ['patches'] };
  if (itemsOf(value['patches']).length > 0) return patches.map((patch) => ({ op: 'insert', ...at, value: patch }));
  // A last line without its line break would get one, and keep it when the patches go again.
  const isEndOpen = !file.text.endsWith('\n');
  return [{ op: 'set', ...at, value: patches, ...(isEndOpen && { at: { before: 'resources' } }) }];
}
