/** A value put together from several documents, of which every part still knows where it is written. */
import type { YamlPath } from '../yaml/yaml-file.js';
import { fieldOf, isMap } from './fields.js';
import { Origin } from './origin.js';

/**
 * Where the parts of a mapping or sequence come from that are not written below its own origin. Only what a merge
 * made has such notes; parts that a merge passed on are shared with the document's value, and are written there.
 */
const notes = new WeakMap<object, ReadonlyMap<string | number, Origin>>();

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

  /** The same origins, another value: for a value made part by part from this one. */
  withValue(value: unknown): Composed {
    return value === this.value ? this : new Composed(value, this.root);
  }
}

/** Where a part of a container is written, given where the container is. */
export function originOf(container: unknown, origin: Origin, step: string | number): Origin {
  const noted = typeof container === 'object' && container !== null ? notes.get(container)?.get(step) : undefined;
  return noted ?? origin.at([step]);
}

/** The mapping or sequence, of which these parts are written elsewhere than the rest. */
export function noted<Container extends object>(
  container: Container,
  origins: ReadonlyMap<string | number, Origin>,
): Container {
  if (origins.size > 0) notes.set(container, origins);
  return container;
}

/** What is known of a container's parts; to carry it over to a copy. */
export function notesOf(container: unknown): ReadonlyMap<string | number, Origin> {
  return (typeof container === 'object' && container !== null && notes.get(container)) || new Map();
}

/** The composed value with one field set, whose value is written at `from`; mappings on the way are made. */
export function withField(composed: Composed, path: YamlPath, value: unknown, from: Origin): Composed {
  return composed.withValue(setField(composed.value, path, value, from));
}

function setField(container: unknown, path: YamlPath, value: unknown, from: Origin): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const child = fieldOf(container, step);
  const next = setField(child, rest, value, from);
  // A part that was there stays where it is written, but for what is set inside.
  const isNew = rest.length === 0 || child === undefined;
  const origins = isNew ? new Map([...notesOf(container), [step, from] as const]) : notesOf(container);
  if (Array.isArray(container)) return noted(container.with(Number(step), next), origins);
  const entries = Object.entries(isMap(container) ? container : {}).filter(([key]) => key !== String(step));
  const position = Object.keys(isMap(container) ? container : {}).indexOf(String(step));
  entries.splice(position === -1 ? entries.length : position, 0, [String(step), next]);
  return noted(Object.fromEntries(entries), origins);
}
