/** Strategic merge: a patch laid over a value, mapping by mapping, with the places of both kept. */
import { Composed, type Item, itemsWithOrigins, noted, notesOf, originOf, sequenceOf } from '../manifests/composed.js';
import { type Fields, fieldOf, isMap } from '../manifests/fields.js';

/** A patch deleted the whole object. */
export const deleted = Symbol('deleted');

/**
 * `knowsLists` for kinds that are built into Kubernetes: their lists merge by key. Of any other kind a list replaces
 * the list before it. `null` deletes; `$patch: delete` and `$patch: replace` are followed.
 */
export function mergeStrategically(target: Composed, patch: Composed, knowsLists: boolean): Composed | typeof deleted {
  const directive = fieldOf(patch.value, '$patch');
  if (directive === 'delete') return deleted;
  if (directive === 'replace') return new Composed(withoutDirectives(patch.value), patch.root);
  return new Composed(merge(target, patch, knowsLists), target.root);
}

function merge(target: Composed, patch: Composed, knowsLists: boolean): unknown {
  const result: Record<string, unknown> = { ...(target.value as Fields) };
  const origins = new Map(notesOf(target.value));
  for (const [key, value] of Object.entries(patch.value as Fields)) {
    if (key === '$patch' || key.startsWith('$setElementOrder') || key === '$retainKeys') continue;
    const before = fieldOf(result, key);
    const origin = originOf(patch.value, patch.root, key);
    if (value === null) {
      delete result[key];
      origins.delete(key);
      continue;
    }
    const merged = mergeField(target.at([key]), new Composed(value, origin), key, knowsLists);
    if (merged === deleted) delete result[key];
    else Object.defineProperty(result, key, { value: merged, writable: true, enumerable: true, configurable: true });
    // What replaces, is written in the patch; what merges, still begins where it did.
    if (before === undefined || !isContainer(before) || merged === value) origins.set(key, origin);
  }
  return noted(result, origins);
}

function mergeField(target: Composed, patch: Composed, key: string, knowsLists: boolean): unknown {
  if (isMap(patch.value)) {
    const directive = patch.value['$patch'];
    if (directive === 'delete') return deleted;
    if (directive === 'replace' || !isMap(target.value)) return withoutDirectives(patch.value);
    return merge(target, patch, knowsLists);
  }
  if (!Array.isArray(patch.value) || !Array.isArray(target.value) || !knowsLists) return patch.value;
  const items = itemsWithOrigins(patch.value, patch.root);
  if (items.some(({ value }) => fieldOf(value, '$patch') === 'replace')) {
    return sequenceOf(items.filter(({ value }) => fieldOf(value, '$patch') === undefined));
  }
  const name = mergeKeyOf(key, [...target.value, ...patch.value]);
  if (name === undefined) return patch.value;
  return mergeItems(itemsWithOrigins(target.value, target.root), items, name, knowsLists);
}

/** Items of the same key merge in their place; new ones come first, as in kustomize. */
function mergeItems(targets: readonly Item[], patches: readonly Item[], name: string, knowsLists: boolean): unknown {
  const result: (Item | undefined)[] = [...targets];
  const added: Item[] = [];
  for (const patch of patches) {
    const key = fieldOf(patch.value, name);
    const index = result.findIndex((item) => item !== undefined && fieldOf(item.value, name) === key);
    const found = result[index];
    const isDeleted = fieldOf(patch.value, '$patch') === 'delete';
    if (!found) {
      if (!isDeleted) added.push(patch);
    } else if (isDeleted) result[index] = undefined;
    else {
      const value = merge(new Composed(found.value, found.origin), new Composed(patch.value, patch.origin), knowsLists);
      result[index] = { value, origin: found.origin };
    }
  }
  return sequenceOf([...added, ...result.filter((item) => item !== undefined)]);
}

/** The fields by which Kubernetes merges its own lists; others are replaced as a whole. */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  env: ['name'],
  ports: ['containerPort', 'port'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey'],
  ownerReferences: ['uid'],
  webhooks: ['name'],
};

function mergeKeyOf(list: string, items: readonly unknown[]): string | undefined {
  const names = Object.hasOwn(mergeKeys, list) ? mergeKeys[list] : undefined;
  return names?.find((name) => items.every((item) => fieldOf(item, name) !== undefined));
}

function withoutDirectives(value: unknown): unknown {
  if (!isMap(value) || value['$patch'] === undefined) return value;
  const { $patch: _, ...rest } = value;
  return noted(rest, notesOf(value));
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
