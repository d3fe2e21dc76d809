/** A value put together from several documents, of which every part still knows where it is written. */
import type { YamlPath } from '../yaml/yaml-file.js';
import { fieldOf, isMap } from './fields.js';
import type { Origin } from './origin.js';

type Notes = ReadonlyMap<string | number, Origin>;

/**
 * Where the parts of a mapping or sequence come from that are not written below its own origin. Only what a merge
 * made has such notes; parts that a merge passed on are shared with the document's value, and are written there.
 */
const notes = new WeakMap<object, Notes>();

export class Composed {
  constructor(
    readonly value: unknown,
    /** Of the whole, and so of every part without an origin of its own. */
    readonly root: Origin,
  ) {}

  /** A part with all it knows; its value is undefined where the path leads nowhere. */
  at(path: YamlPath): Composed {
    let [value, origin] = [this.value, this.root];
    for (const step of path) [value, origin] = [fieldOf(value, step), originOf(value, origin, step)];
    return new Composed(value, origin);
  }

  /** Where the value at the path is written; of one that is not there, where it would be. */
  origin(path: YamlPath): Origin {
    return this.at(path).root;
  }

  /** With the value at the path set to one that is written at `from`; mappings on the way are made. */
  set(path: YamlPath, value: unknown, from: Origin): Composed {
    return new Composed(replaced(this.value, path, value, from), this.root);
  }

  /** Without the value at the path; the same where there is none. */
  remove(path: YamlPath): Composed {
    const step = path.at(-1);
    const container = this.at(path.slice(0, -1));
    if (step === undefined || fieldOf(container.value, step) === undefined) return this;
    return new Composed(replaced(this.value, path.slice(0, -1), withoutStep(container, step)), this.root);
  }

  /** With an item put into the sequence before the index that the path ends in; the same where there is no sequence. */
  insert(path: YamlPath, value: unknown, from: Origin): Composed {
    const list = this.at(path.slice(0, -1));
    if (!Array.isArray(list.value)) return this;
    const items = itemsWithOrigins(list.value, list.root).toSpliced(Number(path.at(-1)), 0, { value, origin: from });
    return new Composed(replaced(this.value, path.slice(0, -1), sequenceOf(items)), this.root);
  }
}

/** Where a part of a container is written, given where the container is. */
export function originOf(container: unknown, origin: Origin, step: string | number): Origin {
  return notesOf(container)?.get(step) ?? origin.at([step]);
}

/** The mapping or sequence, of which these parts are written elsewhere than the rest. */
export function noted<Container extends object>(container: Container, origins: Notes | undefined): Container {
  if (origins && origins.size > 0) notes.set(container, origins);
  return container;
}

/** What is known of a container's parts; to carry it over to a copy. */
export function notesOf(container: unknown): Notes | undefined {
  return typeof container === 'object' && container !== null ? notes.get(container) : undefined;
}

export interface Item {
  readonly value: unknown;
  readonly origin: Origin;
}

export function itemsWithOrigins(list: readonly unknown[], origin: Origin): Item[] {
  return list.map((value, index) => ({ value, origin: originOf(list, origin, index) }));
}

/** Of items that come from anywhere. */
export function sequenceOf(items: readonly Item[]): readonly unknown[] {
  return noted(
    items.map(({ value }) => value),
    new Map(items.map(({ origin }, index) => [index, origin])),
  );
}

/** Copies what lies on the path; without a new origin the value is where the one before it was. */
function replaced(container: unknown, path: YamlPath, value: unknown, from?: Origin): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (rest.length === 0) return withStep(container, step, value, from);
  return withStep(container, step, replaced(fieldOf(container, step), rest, value, from));
}

function withStep(container: unknown, step: string | number, value: unknown, from?: Origin): unknown {
  const known = notesOf(container);
  const origins = from ? new Map(known).set(step, from) : known;
  if (Array.isArray(container)) return noted(container.toSpliced(Number(step), 1, value), origins);
  const copy = isMap(container) ? { ...container } : {};
  // Not by assignment: `__proto__` is a key like any other.
  Object.defineProperty(copy, step, { value, writable: true, enumerable: true, configurable: true });
  return noted(copy, origins);
}

function withoutStep({ value, root }: Composed, step: string | number): unknown {
  if (Array.isArray(value)) return sequenceOf(itemsWithOrigins(value, root).toSpliced(Number(step), 1));
  const copy = { ...(value as Record<string, unknown>) };
  delete copy[step];
  return noted(copy, notesOf(value));
}
