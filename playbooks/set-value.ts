/** Steps that set one value of an object where it is written, whether that is its own document or somewhere else. */
import type { Composed } from '../gitops/manifests/composed.js';
import { type ObjectId, objectText } from '../gitops/manifests/object-id.js';
import type { SetEdit, YamlValue } from '../gitops/yaml/yaml-edit.js';
import type { YamlPath } from '../gitops/yaml/yaml-file.js';
import type { StageWork } from './playbook.js';

export interface Setting {
  readonly id: ObjectId;
  /** The object in effect. */
  readonly composed: Composed;
  readonly path: YamlPath;
  readonly value: YamlValue;
  /** A new key goes behind this one, unless the keys around it are sorted. */
  readonly after?: string;
  readonly comment?: string;
}

/** Of settings that several appliers of one document ask for, each once; what stands in a patch is left to a person. */
export function settingSteps(settings: readonly Setting[]): StageWork {
  const steps: StageWork['steps'][number][] = [];
  const notes = new Set<string>();
  const seen = new Set<string>();
  for (const { id, composed, path, value, after, comment } of settings) {
    const origin = composed.origin(path);
    const { document, pathInFile, place } = origin;
    const what = `${objectText(id)}: ${path.slice(1).join('.')} ${JSON.stringify(value)}`;
    if (origin.isEmbedded) {
      notes.add(`${what}: is set by a patch in ${place.file}:${place.line}; change it there`);
      continue;
    }
    const key = JSON.stringify([document.file.path, document.index, pathInFile]);
    if (seen.has(key)) continue;
    seen.add(key);
    const edit: SetEdit = {
      op: 'set',
      document: document.index,
      path: pathInFile,
      value,
      ...(after !== undefined && !isSorted(composed.at(path.slice(0, -1)).value) && { at: { after } }),
      ...(comment !== undefined && { comment }),
    };
    steps.push({ what, file: document.file.path, change: { kind: 'edit', edits: [edit] }, isOptional: true });
  }
  return { steps, notes: [...notes] };
}

function isSorted(map: unknown): boolean {
  const keys = Object.keys(map ?? {});
  return keys.every((key, at) => at === 0 || keys[at - 1]! <= key);
}

export function joinWork(works: readonly StageWork[]): StageWork {
  return { steps: works.flatMap(({ steps }) => steps), notes: works.flatMap(({ notes }) => notes) };
}
