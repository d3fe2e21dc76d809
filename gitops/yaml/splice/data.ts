/** Changes of plain data, as edits ask for them: what a text must read as once it is edited. */
import type { YamlValue } from '../yaml-edit.js';
import type { YamlPath } from '../yaml-file.js';

/** As the parser gives data: maps are `Map`s. */
export function toData(value: YamlValue): unknown {
  if (Array.isArray(value)) return value.map(toData);
  if (value === null || typeof value !== 'object') return value;
  return new Map(Object.entries(value).map(([key, entry]) => [key, toData(entry)]));
}

/** The value at a path, `{ value }` so that null is told from nothing. */
export function lookUp(data: unknown, path: YamlPath): { readonly value: unknown } | undefined {
  let value = data;
  for (const step of path) {
    if (Array.isArray(value) && typeof step === 'number' && step in value) value = value[step];
    else if (value instanceof Map && hasStep(value, step)) value = value.get(keyOf(value, step));
    else return undefined;
  }
  return { value };
}

/** The first step that a path takes from a map with two keys for it, such as `1` and `"1"`. */
export function ambiguousStep(data: unknown, path: YamlPath): string | number | undefined {
  return path.find((step, taken) => {
    const value = lookUp(data, path.slice(0, taken))?.value;
    return value instanceof Map && [...value.keys()].filter((key) => isNamed(key, step)).length > 1;
  });
}

/** With a value at a path, and maps on the way where nothing is; undefined where something else is in the way. */
export function withValue(data: unknown, path: YamlPath, value: unknown): { readonly data: unknown } | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return { data: value };
  if (Array.isArray(data)) {
    if (typeof step !== 'number' || !(step in data)) return undefined;
    const item = withValue(data[step], rest, value);
    return item && { data: data.with(step, item.data) };
  }
  if (data !== null && data !== undefined && !(data instanceof Map)) return undefined;
  const map = new Map<unknown, unknown>(data);
  const key = keyOf(map, step);
  const entry = withValue(map.get(key), rest, value);
  return entry && { data: map.set(key, entry.data) };
}

export function withItem(data: unknown, path: YamlPath, index: number, item: unknown) {
  const items = (lookUp(data, path)?.value ?? []) as readonly unknown[];
  return withValue(data, path, items.toSpliced(index, 0, item));
}

/** Without the entry at a path that is there; with `pruneEmpty` without the parents that are empty then. */
export function without(data: unknown, path: YamlPath, pruneEmpty: boolean): unknown {
  const parent = path.slice(0, -1);
  const step = path.at(-1)!;
  const collection = lookUp(data, parent)!.value;
  const left = Array.isArray(collection)
    ? collection.toSpliced(step as number, 1)
    : new Map(collection as Map<unknown, unknown>);
  if (left instanceof Map) left.delete(keyOf(left, step));
  const isEmpty = (left instanceof Map ? left.size : left.length) === 0;
  if (isEmpty && pruneEmpty && parent.length > 0) return without(data, parent, true);
  return withValue(data, parent, left)!.data;
}

/** Does an alias lead back to what it stands in? */
export function holdsItself(data: unknown, around = new Set<unknown>(), seen = new Set<unknown>()): boolean {
  if (typeof data !== 'object' || data === null || seen.has(data)) return around.has(data);
  seen.add(data);
  around.add(data);
  const parts = data instanceof Map ? [...data.keys(), ...data.values()] : (listed(data) ?? []);
  const holds = parts.some((part) => holdsItself(part, around, seen));
  around.delete(data);
  return holds;
}

/** The same data, keys in any order; a key that is a number is the same as its text. */
export function isSame(one: unknown, other: unknown, compared = new Map<unknown, unknown>()): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  // Aliases share their data.
  if (compared.get(one) === other) return true;
  compared.set(one, other);
  if (one instanceof Map) return other instanceof Map && isSameMap(one, other, compared);
  const [ones, others] = [listed(one), listed(other)];
  if (!ones || !others || ones.length !== others.length || one.constructor !== other.constructor) return false;
  return ones.every((item, index) => isSame(item, others[index], compared));
}

function isSameMap(
  one: ReadonlyMap<unknown, unknown>,
  other: ReadonlyMap<unknown, unknown>,
  compared: Map<unknown, unknown>,
): boolean {
  if (one.size !== other.size) return false;
  const others = [...other];
  return [...one].every(([key, value], index) => {
    const [otherKey, otherValue] = others[index]!;
    // Keys that are collections themselves have no name to find them by; an edit never changes their order.
    if (isKey(key, otherKey, compared)) return isSame(value, otherValue, compared);
    if (typeof key === 'object' && key !== null) return false;
    const named = keyOf(other, key as string);
    return other.has(named) && isSame(value, other.get(named), compared);
  });
}

const isKey = (one: unknown, other: unknown, compared: Map<unknown, unknown>): boolean =>
  typeof one === 'object' && one !== null ? isSame(one, other, compared) : one === other;

/** What else has parts: sequences, sets, binary data, dates. */
function listed(data: object): readonly unknown[] | undefined {
  if (Array.isArray(data)) return data as readonly unknown[];
  if (data instanceof Set || data instanceof Uint8Array) return [...data];
  return data instanceof Date ? [data.getTime()] : undefined;
}

const hasStep = (map: ReadonlyMap<unknown, unknown>, step: string | number): boolean => map.has(keyOf(map, step));

/** The key of a map that a step names: itself, or a key that is written so. */
function keyOf(map: ReadonlyMap<unknown, unknown>, step: string | number): unknown {
  if (map.has(step)) return step;
  for (const key of map.keys()) if (isNamed(key, step)) return key;
  return step;
}

const isNamed = (key: unknown, step: string | number): boolean =>
  (typeof key !== 'object' || key === null) && String(key) === String(step);
