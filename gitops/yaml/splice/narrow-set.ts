/** A collection set in place of one of its kind, as edits of the entries that differ: the others stay as they are. */
import { isMap } from 'yaml';
import { isMergeKey } from '../yaml-file.js';
import type { EntryEdit, SetEdit, YamlValue } from '../yaml-edit.js';
import { isSame, lookUp, toData } from './data.js';
import { entriesOf, isCollection } from './entries.js';
import type { SourceDocument } from './source-text.js';
import { walk } from './walk.js';

/** Undefined where the two have nothing in common, or where it is not that simple. */
export function narrowSet(document: SourceDocument, edit: SetEdit): readonly EntryEdit[] | undefined {
  const { node, rest } = walk(document, edit.path);
  if (rest.length > 0 || !isCollection(node)) return undefined;
  if (entriesOf(node)?.some(({ key }) => isMergeKey(key)) ?? true) return undefined;
  const old = lookUp(document.data, edit.path)?.value;
  const { value } = edit;
  if (Array.isArray(value)) return Array.isArray(old) ? itemEdits(edit, old, value) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  return old instanceof Map && isMap(node)
    ? entryEdits(edit, old, value as Readonly<Record<string, YamlValue>>)
    : undefined;
}

function entryEdits(
  { document, path }: SetEdit,
  old: ReadonlyMap<unknown, unknown>,
  value: Readonly<Record<string, YamlValue>>,
): readonly EntryEdit[] | undefined {
  const keys = Object.keys(value);
  const gone = [...old.keys()].map(String).filter((key) => !keys.includes(key));
  if (gone.length === old.size) return undefined;
  const sets = keys.map((key, index): EntryEdit => {
    const before = keys[index - 1];
    const place = before === undefined ? {} : { at: { after: before } };
    return { op: 'set', document, path: [...path, key], value: value[key]!, ...place };
  });
  return [...sets, ...gone.map((key): EntryEdit => ({ op: 'remove', document, path: [...path, key] }))];
}

/** Equal items at both ends stay; those between are set one by one, then added or taken away. */
function itemEdits(
  { document, path }: SetEdit,
  old: readonly unknown[],
  value: readonly YamlValue[],
): readonly EntryEdit[] | undefined {
  const wanted = value.map(toData);
  const shorter = Math.min(old.length, wanted.length);
  let first = 0;
  while (first < shorter && isSame(old[first], wanted[first])) first++;
  let last = 0;
  while (last < shorter - first && isSame(old.at(-1 - last), wanted.at(-1 - last))) last++;
  if (shorter === 0 || (first === 0 && last === 0 && !old.some((item) => typeof item === 'object'))) return undefined;

  const end = wanted.length - last;
  const shared = Math.min(old.length - last, end);
  const edits: EntryEdit[] = [];
  for (let at = first; at < shared; at++) {
    edits.push({ op: 'set', document, path: [...path, at], value: value[at]! });
  }
  for (let at = shared; at < end; at++) {
    edits.push({ op: 'insert', document, path, value: value[at]!, at, repeat: true });
  }
  for (let at = old.length - last - 1; at >= shared; at--) edits.push({ op: 'remove', document, path: [...path, at] });
  return edits;
}
