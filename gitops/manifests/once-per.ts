/** Work that is done once for an object, and again only where its file has another text. */

/**
 * What `compute` gives for an object, remembered while the object is. Parsed files, documents and their values stay the
 * same objects from one reading of a repository to the next while their text does, and objects of a build while all that
 * it was made of does.
 */
export function oncePer<Key extends object, Result>(compute: (key: Key) => Result): (key: Key) => Result {
  const known = new WeakMap<Key, { readonly result: Result }>();
  return (key) => {
    const found = known.get(key);
    if (found) return found.result;
    const result = compute(key);
    known.set(key, { result });
    return result;
  };
}

/** The same for any value: what is no object costs nothing to look at again. */
export function oncePerValue<Result>(compute: (value: unknown) => Result): (value: unknown) => Result {
  const remembered = oncePer<object, Result>(compute);
  return (value) => (typeof value === 'object' && value !== null ? remembered(value) : compute(value));
}
