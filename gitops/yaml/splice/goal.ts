/** What a document must read as once an edit is made. */
import type { EntryEdit, InsertEdit, SetEdit } from '../yaml-edit.js';
import { isSame, lookUp, toData, without, withItem, withValue } from './data.js';

export type Goal =
  | { readonly kind: 'reached' }
  | { readonly kind: 'data'; readonly data: unknown }
  /** Something is in the way of the path. */
  | { readonly kind: 'blocked' };

export function goalOf(data: unknown, edit: EntryEdit): Goal {
  switch (edit.op) {
    case 'set':
      return goalOfSet(data, edit);
    case 'insert':
      return edit.key === undefined
        ? goalOfItem(data, edit)
        : goalOfSet(data, { ...edit, path: [...edit.path, edit.key] });
    case 'remove': {
      const found = lookUp(data, edit.path);
      if (!found || (edit.value !== undefined && !isSame(found.value, toData(edit.value)))) return { kind: 'reached' };
      if (edit.path.length === 0) return { kind: 'blocked' };
      return { kind: 'data', data: without(data, edit.path, edit.pruneEmpty ?? false) };
    }
  }
}

/** Where an item goes among those that are there. */
export function itemIndex(length: number, at: InsertEdit['at']): number {
  return typeof at === 'number' ? Math.min(Math.max(Math.trunc(at), 0), length) : length;
}

function goalOfSet(data: unknown, { path, value }: Pick<SetEdit, 'path' | 'value'>): Goal {
  const wanted = toData(value);
  const found = lookUp(data, path);
  if (found && isSame(found.value, wanted)) return { kind: 'reached' };
  return toGoal(withValue(data, path, wanted));
}

function goalOfItem(data: unknown, { path, value, at, repeat }: InsertEdit): Goal {
  const item = toData(value);
  const found = lookUp(data, path)?.value ?? [];
  if (!Array.isArray(found)) return { kind: 'blocked' };
  if (!repeat && found.some((other) => isSame(other, item))) return { kind: 'reached' };
  return toGoal(withItem(data, path, itemIndex(found.length, at), item));
}

const toGoal = (changed: { readonly data: unknown } | undefined): Goal =>
  changed ? { kind: 'data', data: changed.data } : { kind: 'blocked' };
