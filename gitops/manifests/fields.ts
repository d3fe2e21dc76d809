/** Reading of parsed YAML, where any value may have any type: what is not as expected is as good as not there. */

export type Fields = Readonly<Record<string, unknown>>;

const none: Fields = Object.freeze({});

export function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A mapping's fields; none for anything else. */
export function fieldsOf(value: unknown): Fields {
  return isMap(value) ? value : none;
}

/** A sequence's items; none for anything else. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** Only what is written in the mapping itself: `constructor` is a key like any other. */
export function fieldOf(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return (value as readonly unknown[])[Number(key)];
  return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The value at the end of a path; undefined where the path leads nowhere. */
export function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) found = fieldOf(found, step);
  return found;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Text that says something; an empty string is a field that is not set. */
export function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function booleanOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** A mapping from text to text, as `data` and labels are; other values are left out. */
export function textsOf(value: unknown): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [key, text] of Object.entries(fieldsOf(value))) if (typeof text === 'string') texts.set(key, text);
  return texts;
}
