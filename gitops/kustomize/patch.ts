/** A patch as a kustomization or a Flux Kustomization lists it: its text or file, and what it is for. */
import { fieldOf, fieldsOf, itemsOf, nonEmpty } from '../manifests/fields.js';
import type { Composed } from '../manifests/composed.js';
import type { Origin } from '../manifests/origin.js';

/** Fields are patterns that must match the whole; undefined matches all. */
export interface PatchTarget {
  readonly group: string | undefined;
  readonly version: string | undefined;
  readonly kind: string | undefined;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly labelSelector: string | undefined;
  readonly annotationSelector: string | undefined;
}

export interface Patch {
  /** `merge` and `json` are the old fields that take one kind of patch; `any` is told by its content. */
  readonly form: 'any' | 'merge' | 'json';
  /** Text in place. */
  readonly text: string | undefined;
  /** A file instead. */
  readonly path: string | undefined;
  readonly target: PatchTarget | undefined;
  /** Of the text or path. */
  readonly origin: Origin;
}

/** `patches`, `patchesStrategicMerge` and `patchesJson6902` of a kustomization.yaml. */
export function readPatches(kustomization: unknown, origin: Origin): readonly Patch[] {
  return [
    ...itemsOf(fieldOf(kustomization, 'patchesStrategicMerge')).flatMap((text, index): readonly Patch[] =>
      typeof text === 'string' && text !== '' ? [mergePatch(text, origin.at(['patchesStrategicMerge', index]))] : [],
    ),
    ...itemsOf(fieldOf(kustomization, 'patches')).flatMap((item, index) =>
      readPatch(item, 'any', origin.at(['patches', index])),
    ),
    ...itemsOf(fieldOf(kustomization, 'patchesJson6902')).flatMap((item, index) =>
      readPatch(item, 'json', origin.at(['patchesJson6902', index])),
    ),
  ];
}

/** `spec.patches` of a Flux Kustomization, and the fields that older versions have, wherever each is written. */
export function readFluxPatches(spec: Composed): readonly Patch[] {
  const inPlace = (field: string, form: Patch['form'], step: string | undefined) =>
    itemsOf(fieldOf(spec.value, field)).map((item, index): Patch => {
      const content = step === undefined ? item : fieldOf(item, step);
      const target = step === undefined ? undefined : targetOf(fieldOf(item, 'target'));
      return { form, text: JSON.stringify(content), path: undefined, target, origin: spec.origin([field, index]) };
    });
  return [
    ...inPlace('patchesStrategicMerge', 'merge', undefined),
    ...itemsOf(fieldOf(spec.value, 'patches')).flatMap((item, index) => {
      const patch = spec.at(['patches', index]);
      return readPatch(item, 'any', patch.root).map((read) => ({ ...read, origin: patch.origin(['patch']) }));
    }),
    ...inPlace('patchesJson6902', 'json', 'patch'),
  ];
}

function readPatch(item: unknown, form: 'any' | 'json', origin: Origin): readonly Patch[] {
  const written = nonEmpty(fieldOf(item, 'patch'));
  const text = written?.trim() === '' ? undefined : written;
  const path = nonEmpty(fieldOf(item, 'path'));
  if (text === undefined && path === undefined) return [];
  const target = targetOf(fieldOf(item, 'target'));
  return [{ form, text, path, target, origin: origin.at([text === undefined ? 'path' : 'patch']) }];
}

/** An entry is a file, or, with line breaks, the patch itself. */
function mergePatch(entry: string, origin: Origin): Patch {
  const isText = entry.includes('\n') || /^\s*\{/.test(entry);
  const [text, path] = isText ? [entry, undefined] : [undefined, entry];
  return { form: 'merge', text, path, target: undefined, origin };
}

function targetOf(value: unknown): PatchTarget | undefined {
  const target = fieldsOf(value);
  if (Object.keys(target).length === 0) return undefined;
  return {
    group: nonEmpty(target['group']),
    version: nonEmpty(target['version']),
    kind: nonEmpty(target['kind']),
    name: nonEmpty(target['name']),
    namespace: nonEmpty(target['namespace']),
    labelSelector: nonEmpty(target['labelSelector']),
    annotationSelector: nonEmpty(target['annotationSelector']),
  };
}
