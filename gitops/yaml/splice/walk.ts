/** Following a path through the nodes that are written on it, as far as they go. */
import { type Document, isAlias, isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { isMergeKey, type YamlPath } from '../yaml-file.js';
import { type Collection, entriesOf, type Entry, isCollection } from './entries.js';
import type { SourceDocument } from './source-text.js';

export interface Level {
  readonly collection: Collection;
  readonly entries: readonly Entry[];
  readonly index: number;
}

/** Content that is written elsewhere: an alias on the way, or a merge key that brings in what comes next. */
export interface Elsewhere {
  readonly kind: 'alias' | 'merge';
  /** None where a merge key's value is written in its place. */
  readonly anchor: string | undefined;
}

export interface Walk {
  /** One for each step that was taken. */
  readonly levels: readonly Level[];
  readonly node: ParsedNode | null;
  /** The steps that nothing is written for at the node. */
  readonly rest: YamlPath;
  /** Why not, if there is something all the same. */
  readonly elsewhere?: Elsewhere;
}

/** `intoMerges`: maps written as a merge key's value are walked into; otherwise what they bring in is elsewhere too. */
export function walk({ parsed }: SourceDocument, path: YamlPath, intoMerges = true): Walk {
  const levels: Level[] = [];
  let node: ParsedNode | null = parsed.contents;
  for (const [taken, step] of path.entries()) {
    const rest = path.slice(taken);
    if (isAlias(node)) return { levels, node, rest, elsewhere: { kind: 'alias', anchor: node.source } };
    const next: Level | Elsewhere | undefined = ownLevel(node, step) ?? mergedLevel(parsed, node, step, intoMerges);
    if (!next) return { levels, node, rest };
    if ('kind' in next) return { levels, node, rest, elsewhere: next };
    levels.push(next);
    node = next.entries[next.index]!.value;
  }
  return { levels, node, rest: [] };
}

/** Does a merge key of a map bring in what a step names, too? */
export const isMergedIn = ({ parsed }: SourceDocument, map: Collection, step: string | number): boolean =>
  mergedLevel(parsed, map, step, false) !== undefined;

/** Does a path's step name this key? */
export const isNamed = (key: unknown, step: string | number): boolean =>
  isScalar(key) && typeof key.value !== 'symbol' && String(key.value) === String(step);

function ownLevel(node: ParsedNode | null, step: string | number): Level | undefined {
  const entries = isCollection(node) ? entriesOf(node) : undefined;
  if (!entries) return undefined;
  const index = isSeq(node) ? indexIn(entries, step) : entries.findIndex(({ key }) => isNamed(key, step));
  return index === -1 ? undefined : { collection: node as Collection, entries, index };
}

const indexIn = (entries: readonly Entry[], step: string | number): number =>
  typeof step === 'number' && step in entries ? step : -1;

/** What the merge keys of a map bring in; the first source that has the step wins. */
function mergedLevel(
  parsed: Document.Parsed,
  node: ParsedNode | null,
  step: string | number,
  intoMerges: boolean,
): Level | Elsewhere | undefined {
  for (const { key, value } of isMap(node) ? (entriesOf(node) ?? []) : []) {
    if (!isMergeKey(key)) continue;
    for (const source of isSeq(value) ? (value.items as readonly ParsedNode[]) : [value]) {
      const target = isAlias(source) ? (source.resolve(parsed) as ParsedNode) : source;
      const found = ownLevel(target, step) ?? mergedLevel(parsed, target, step, intoMerges);
      if (!found) continue;
      if (target === source && intoMerges) return found;
      return { kind: 'merge', anchor: target?.anchor };
    }
  }
  return undefined;
}
