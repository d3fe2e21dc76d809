/** What differs between two values of parsed YAML, at the deepest place that tells it. */
import type { YamlPath } from '../yaml/yaml-file.js';
import { fieldOf, isMap } from './fields.js';

/** A value that is not there is undefined. */
export interface Difference {
  readonly path: YamlPath;
  readonly before: unknown;
  readonly after: unknown;
}

/** Mappings are compared key by key; sequences, whose items have no names, item by item where they are equally long. */
export function differencesOf(before: unknown, after: unknown, path: YamlPath = []): readonly Difference[] {
  if (Object.is(before, after)) return [];
  if (isMap(before) && isMap(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => differencesOf(fieldOf(before, key), fieldOf(after, key), [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((item, index) => differencesOf(item, after[index], [...path, index]));
  return isEqual(before, after) ? [] : [{ path, before, after }];
}

/** Of data as YAML gives it; the order of a mapping's keys does not matter. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]));
}
