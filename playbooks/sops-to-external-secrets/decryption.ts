/** What goes with the last encrypted file: `decryption` of Kustomizations, and the patches that add it. */
import { fieldOf, isMap, itemsOf, textOf, valueAt } from '../../gitops/manifests/fields.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { Origin } from '../../gitops/manifests/origin.js';
import type { Repository } from '../../gitops/model/repository.js';
import { editYaml } from '../../gitops/yaml/edit-yaml.js';
import type { YamlEdit } from '../../gitops/yaml/yaml-edit.js';
import { YamlFile, type YamlPath } from '../../gitops/yaml/yaml-file.js';
import type { PlaybookStep } from '../playbook.js';

export function withoutDecryption(repository: Repository): readonly PlaybookStep[] {
  const own = repository.flux.kustomizations.flatMap(({ id, object }): readonly PlaybookStep[] => {
    const { root } = object.composed;
    const origin = root.at(['spec', 'decryption']);
    // As its own document has it, whatever a patch of its parent adds.
    if (root.isEmbedded || valueAt(root.document.value, origin.pathInFile) === undefined) return [];
    return [removing(`${objectText(id)}: decrypts nothing any more`, origin, origin.pathInFile)];
  });
  const patches = decryptingPatches(repository).toSorted(lastFirst);
  return [...own, ...patches.map(patchStep)];
}

/** Each once, by the place of its text: in Kustomizations, kustomizations, and what becomes the Kustomization of a sync. */
export function decryptingPatches({ flux, kustomize }: Repository): readonly Origin[] {
  const lists: readonly (readonly [Values, YamlPath])[] = [
    ...flux.kustomizations.map(({ object }) => [object.composed, ['spec', 'patches']] as const),
    ...[...kustomize.kustomizations.values()].map(
      ({ value, origin }) => [{ value, origin: (path: YamlPath) => origin.at(path) }, ['patches']] as const,
    ),
    ...flux.helmReleases
      .filter(({ chart }) => chart?.name === 'flux-instance')
      .map(({ values }) => [values, ['instance', 'kustomize', 'patches']] as const),
    ...flux.objects
      .filter(({ id }) => id.kind === 'FluxInstance')
      .map(({ composed }) => [composed, ['spec', 'kustomize', 'patches']] as const),
  ];
  const origins = lists.flatMap(([values, path]) =>
    itemsOf(valueAt(values.value, path)).flatMap((item, index) =>
      isDecrypting(textOf(fieldOf(item, 'patch'))) ? [values.origin([...path, index, 'patch'])] : [],
    ),
  );
  const byPlace = origins.filter(({ isEmbedded }) => !isEmbedded).map((origin) => [placeOf(origin), origin] as const);
  return [...new Map(byPlace).values()];
}

interface Values {
  readonly value: unknown;
  origin(path: YamlPath): Origin;
}

function placeOf({ document, pathInFile }: Origin): string {
  return `${document.file.path}\n${document.index}\n${pathInFile.join('.')}`;
}

/** Items of one list from the last to the first, so that an index is still right when its turn comes. */
function lastFirst(a: Origin, b: Origin): number {
  return Number(b.pathInFile.at(-2)) - Number(a.pathInFile.at(-2));
}

function isDecrypting(patch: string | undefined): boolean {
  if (patch === undefined || !patch.includes('decryption')) return false;
  const [value] = documentsOf(patch);
  return valueAt(value, ['spec', 'decryption']) !== undefined || operationsOf(value).length > 0;
}

function documentsOf(patch: string): readonly unknown[] {
  return YamlFile.read('patch', patch).documents.map(({ value }) => value);
}

/** Indices of JSON 6902 operations on it. */
function operationsOf(value: unknown): readonly number[] {
  return itemsOf(value).flatMap((operation, index) =>
    /^\/spec\/decryption(?:\/|$)/.test(textOf(fieldOf(operation, 'path')) ?? '') ? [index] : [],
  );
}

/** Of a patch that does more only this part goes. */
function patchStep(origin: Origin): PlaybookStep {
  const text = textOf(valueAt(origin.document.value, origin.pathInFile)) ?? '';
  const what = `a patch of ${origin.document.file.path} adds decryption no more`;
  const [value] = documentsOf(text);
  const operations = operationsOf(value);
  const edits: readonly YamlEdit[] =
    operations.length > 0
      ? operations.toReversed().map((index) => ({ op: 'remove', document: 0, path: [index] }))
      : [{ op: 'remove', document: 0, path: ['spec', 'decryption'], pruneEmpty: true }];
  const left = editYaml(text, edits);
  if (left.status === 'edited' && doesMore(documentsOf(left.text)[0]))
    return {
      what,
      file: origin.document.file.path,
      isOptional: true,
      change: {
        kind: 'edit',
        edits: [{ op: 'set', document: origin.document.index, path: origin.pathInFile, value: left.text }],
      },
    };
  return removing(what, origin, origin.pathInFile.slice(0, -1));
}

function doesMore(value: unknown): boolean {
  if (!isMap(value)) return itemsOf(value).length > 0;
  return Object.keys(value).some((key) => !['apiVersion', 'kind', 'metadata'].includes(key));
}

function removing(what: string, { document }: Origin, path: YamlPath): PlaybookStep {
  return {
    what,
    file: document.file.path,
    isOptional: true,
    change: { kind: 'edit', edits: [{ op: 'remove', document: document.index, path, pruneEmpty: true }] },
  };
}
