/** What a document must read as after an edit, worked out apart from the code that edits. */
import type { EntryEdit } from '../../gitops/yaml/yaml-edit.js';
import type { YamlPath } from '../../gitops/yaml/yaml-file.js';
import { lookUp, type Plain } from './plain-data.js';

export function expectedData(data: Plain, edit: EntryEdit): Plain {
  const plain = (value: unknown) => structuredClone(value) as Plain;
  if (edit.op === 'set') return withValue(data, edit.path, plain(edit.value));
  if (edit.op === 'remove') return without(data, edit.path, edit.pruneEmpty ?? false);
  if (edit.key !== undefined) return withValue(data, [...edit.path, edit.key], plain(edit.value));
  const items = (lookUp(data, edit.path) ?? []) as Plain[];
  const item = plain(edit.value);
  if (items.some((other) => JSON.stringify(sorted(other)) === JSON.stringify(sorted(item)))) return data;
  const at = typeof edit.at === 'number' ? edit.at : items.length;
  return withValue(data, edit.path, items.toSpliced(at, 0, item));
}

function withValue(data: Plain, [step, ...rest]: YamlPath, value: Plain): Plain {
  if (step === undefined) return value;
  const inner = withValue(lookUp(data, [step]) ?? null, rest, value);
  return Array.isArray(data) ? data.with(step as number, inner) : { ...(data as object), [step]: inner };
}

function without(data: Plain, path: YamlPath, pruneEmpty: boolean): Plain {
  const parent = path.slice(0, -1);
  const collection = structuredClone(lookUp(data, parent)) as Plain[] | { [key: string]: Plain };
  if (Array.isArray(collection)) collection.splice(path.at(-1) as number, 1);
  else delete collection[path.at(-1)!];
  if (pruneEmpty && parent.length > 0 && Object.keys(collection).length === 0) return without(data, parent, true);
  return withValue(data, parent, collection);
}

function sorted(data: Plain): Plain {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map(sorted);
  return Object.fromEntries(
    Object.keys(data)
      .toSorted()
      .map((key) => [key, sorted(data[key]!)]),
  );
}
