/** What a finding about objects in effect is about, and one finding where one place is at fault for many of them. */
import { type ObjectId, objectText } from '../manifests/object-id.js';
import type { Place } from '../manifests/origin.js';
import { listed } from './wording.js';

/** `HelmRelease storage/velero`; `OCIRepository app-template (in namespaces default and network)`; `… and 3 others`. */
export function aboutObjects(ids: readonly ObjectId[]): string {
  const [first] = ids;
  if (!first || ids.length === 1) return first ? objectText(first) : '';
  const isOne = ids.every(({ kind, name }) => kind === first.kind && name === first.name);
  const namespaces = [...new Set(ids.map(({ namespace }) => namespace))].sort();
  if (!isOne) return listed(ids.map(objectText).sort(), { most: 3 });
  return namespaces.length === 1
    ? objectText(first)
    : `${first.kind} ${first.name} (in namespaces ${listed(namespaces)})`;
}

/** A component or a parent's patch is one place for many objects: what is wrong there is said once. */
export function byPlace<Item>(
  items: Iterable<Item>,
  placeOf: (item: Item) => Place,
): readonly { readonly at: Place; readonly items: readonly [Item, ...Item[]] }[] {
  const groups = new Map<string, { readonly at: Place; readonly items: [Item, ...Item[]] }>();
  for (const item of items) {
    const at = placeOf(item);
    const key = `${at.file}:${at.line}:${at.column}`;
    const group = groups.get(key);
    if (group) group.items.push(item);
    else groups.set(key, { at, items: [item] });
  }
  return [...groups.values()];
}
