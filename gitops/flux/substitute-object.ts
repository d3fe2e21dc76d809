/** Puts variables into every text of an object, as Flux does before it applies it. */
import { Composed, noted, notesOf, originOf } from '../manifests/composed.js';
import { isMap, textsOf, valueAt } from '../manifests/fields.js';
import type { Origin } from '../manifests/origin.js';
import type { Substitution, SubstitutionProblem, Variables } from './flux-kustomization.js';
import { type Lookup, substituteText } from './substitute-text.js';

export interface SubstitutedObject {
  readonly composed: Composed;
  readonly substitutions: readonly Substitution[];
  readonly problems: readonly SubstitutionProblem[];
}

/** An annotation or label that keeps Flux off an object's `${…}`. */
const disabling = 'kustomize.toolkit.fluxcd.io/substitute';

export function lookupIn(variables: Variables): Lookup {
  return (variable) => {
    const value = variables.known.get(variable);
    if (value !== undefined) return { value };
    if (variables.hidden.has(variable)) return 'hidden';
    return variables.isOpen ? 'open' : 'unset';
  };
}

/** Whether Flux substitutes at all: it does not without a single variable. */
export function hasVariables({ known, hidden, isOpen }: Variables): boolean {
  return known.size > 0 || hidden.size > 0 || isOpen;
}

export function substituteObject(composed: Composed, variables: Variables): SubstitutedObject {
  if (!hasVariables(variables) || !holdsDollar(composed.value, 0) || isDisabled(composed.value))
    return { composed, substitutions: [], problems: [] };
  const walk = new Walk(lookupIn(variables));
  const value = walk.substitute(composed.value, composed.root, []);
  return { composed: new Composed(value, composed.root), substitutions: walk.substitutions, problems: walk.problems };
}

/** Most objects have no variable at all, and are told by a look that makes nothing. */
function holdsDollar(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.includes('$');
  if (typeof value !== 'object' || value === null || depth > maxDepth) return false;
  if (Array.isArray(value)) return value.some((item) => holdsDollar(item, depth + 1));
  for (const [key, field] of Object.entries(value)) if (key.includes('$') || holdsDollar(field, depth + 1)) return true;
  return false;
}

/** As deep as a document may be that the parser reads at all. */
const maxDepth = 10_000;

/** Whether the object says that Flux shall put no variables into it. */
export function isDisabled(value: unknown): boolean {
  return ['labels', 'annotations'].some(
    (field) => textsOf(valueAt(value, ['metadata', field])).get(disabling) === 'disabled',
  );
}

class Walk {
  readonly substitutions: Substitution[] = [];
  readonly problems: SubstitutionProblem[] = [];

  constructor(private readonly lookup: Lookup) {}

  substitute(value: unknown, origin: Origin, path: readonly (string | number)[]): unknown {
    if (typeof value === 'string') return value.includes('$') ? this.text(value, origin, path) : value;
    if (Array.isArray(value)) return this.items(value, origin, path);
    return isMap(value) ? this.fields(value, origin, path) : value;
  }

  private items(list: readonly unknown[], origin: Origin, path: readonly (string | number)[]): readonly unknown[] {
    const items = list.map((item, index) =>
      mayHold(item) ? this.substitute(item, originOf(list, origin, index), [...path, index]) : item,
    );
    return items.every((item, index) => item === list[index]) ? list : noted(items, notesOf(list));
  }

  private fields(map: object, origin: Origin, path: readonly (string | number)[]): object {
    let changed = false;
    const renamed = new Map<string | number, Origin>();
    const entries = Object.entries(map).map(([key, value]: [string, unknown]) => {
      const there = mayHold(value) ? originOf(map, origin, key) : origin;
      const next = mayHold(value) ? this.substitute(value, there, [...path, key]) : value;
      const name = key.includes('$') ? String(this.text(key, origin, path)) : key;
      changed ||= next !== value || name !== key;
      if (name !== key) renamed.set(name, originOf(map, origin, key));
      return [name, next] as const;
    });
    if (!changed) return map;
    const known = notesOf(map);
    return noted(Object.fromEntries(entries), renamed.size > 0 ? new Map([...(known ?? []), ...renamed]) : known);
  }

  private text(text: string, origin: Origin, path: readonly (string | number)[]): unknown {
    const { text: result, uses, problem } = substituteText(text, this.lookup);
    if (problem !== undefined) this.problems.push({ message: problem, origin });
    for (const use of uses) this.substitutions.push({ path, ...use });
    return result === text ? text : retyped(text, result);
  }
}

function mayHold(value: unknown): boolean {
  return typeof value === 'string' ? value.includes('$') : typeof value === 'object' && value !== null;
}

/** Flux works on the text of the object, where quotes are gone: `"${PORT}"` becomes a number. */
function retyped(before: string, after: string): unknown {
  const isPlain = /^[\w$./+~-]/.test(before) && !/[\n]|: | #/.test(before);
  if (!isPlain) return after;
  if (/^(?:true|yes|on)$/i.test(after)) return true;
  if (/^(?:false|no|off)$/i.test(after)) return false;
  if (after === '' || /^(?:null|~)$/i.test(after)) return null;
  return /^[-+]?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[-+]?\d+)?$/i.test(after) ? Number(after) : after;
}
