/** Steps that set one value of an object where it is written, whether that is its own document or somewhere else. */
import type { Composed } from '../gitops/manifests/composed.js';
import { type ObjectId, objectText } from '../gitops/manifests/object-id.js';
import type { Origin } from '../gitops/manifests/origin.js';
import type { SetEdit, YamlValue } from '../gitops/yaml/yaml-edit.js';
import type { YamlPath } from '../gitops/yaml/yaml-file.js';
import type { StageWork } from './playbook.js';

export interface Setting {
  readonly id: ObjectId;
  /** What is set, for people. */
  readonly label: string;
  /** Where it is written, or would be. */
  readonly origin: Origin;
  readonly value: YamlValue;
  /** A new key goes behind this one. */
  readonly after?: string;
  readonly comment?: string;
}

/** Of settings that several appliers of one document ask for, each once; what stands in a patch is left to a person. */
export function settingSteps(settings: readonly Setting[]): StageWork {
  const steps: StageWork['steps'][number][] = [];
  const notes = new Set<string>();
  const seen = new Set<string>();
  for (const { id, label, origin, value, after, comment } of settings) {
    const { document, pathInFile, place } = origin;
    const what = `${objectText(id)}: ${label} ${JSON.stringify(value)}`;
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
      ...(after !== undefined && { at: { after } }),
      ...(comment !== undefined && { comment }),
    };
    steps.push({ what, file: document.file.path, change: { kind: 'edit', edits: [edit] }, isOptional: true });
  }
  return { steps, notes: [...notes] };
}

/** A setting of an object's field: written where the object has it from; behind `after` unless its neighbours are sorted. */
export function fieldSetting(
  id: ObjectId,
  composed: Composed,
  path: YamlPath,
  value: YamlValue,
  more: Pick<Setting, 'after' | 'comment'> = {},
): Setting {
  const { after, ...rest } = more;
  const isSorted = sorted(Object.keys(composed.at(path.slice(0, -1)).value ?? {}));
  return {
    id,
    label: path.slice(1).join('.'),
    origin: composed.origin(path),
    value,
    ...rest,
    ...(after !== undefined && !isSorted && { after }),
  };
}

function sorted(keys: readonly string[]): boolean {
  return keys.every((key, at) => at === 0 || keys[at - 1]! <= key);
}

export function joinWork(works: readonly StageWork[]): StageWork {
  return { steps: works.flatMap(({ steps }) => steps), notes: works.flatMap(({ notes }) => notes) };
}
