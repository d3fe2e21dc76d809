/** A file of YAML documents, read once: their trees, their data, and where each part stands in the text. */
import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type ParsedNode, visit } from 'yaml';
import { LineIndex, type Position } from './line-index.js';
import { levelsAtMost, parseDocuments } from './parse-documents.js';

/** Keys and indices from a document's root to one of its values. */
export type YamlPath = readonly (string | number)[];

export interface YamlProblem {
  /** The parser's own code (`DUPLICATE_KEY`, `BAD_INDENT`, …), or `TOO_DEEP`, `UNRESOLVED_ALIAS`, `ALIAS_BOMB`, `ALIAS_CYCLE`, `BAD_MERGE`. */
  readonly code: string;
  readonly message: string;
  readonly offset: number;
}

/** Where a path of a document stands: the value's node, and the text from its key on. */
export interface Located {
  readonly node: ParsedNode | null;
  /** Offset of the key in a map, else of the value. */
  readonly offset: number;
  /** How it was reached: written there, or seen through an alias or a merge key on the way. */
  readonly via: 'own' | 'alias' | 'merge';
}

export class YamlFile {
  readonly documents: readonly YamlDocument[];
  /** What the parser refuses; documents before the first problem are still there. */
  readonly problems: readonly YamlProblem[];
  private readonly lines: LineIndex;

  private constructor(
    readonly path: string,
    readonly text: string,
    parsed: readonly Document.Parsed[],
    problems: readonly YamlProblem[],
  ) {
    this.lines = new LineIndex(text);
    this.documents = parsed.map((document, index) => new YamlDocument(this, index, document));
    const parsing = parsed.flatMap(({ errors }) =>
      errors.map(({ code, message, pos }) => ({ code, message: withoutQuote(message), offset: pos[0] })),
    );
    const unresolved = this.documents.flatMap((document) => document.problem ?? []);
    this.problems = [...problems, ...parsing, ...unresolved];
  }

  /** Never throws: whatever cannot be parsed is among the problems. */
  static read(path: string, text: string): YamlFile {
    try {
      return new YamlFile(path, text, parseDocuments(text), []);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const problem = { code: 'TOO_DEEP', message: `is nested more than ${levelsAtMost} levels deep`, offset: 0 };
      return new YamlFile(path, text, [], [problem]);
    }
  }

  /** Line and column of an offset, both from 1; columns count UTF-16 units, as editors do. */
  position(offset: number): Position {
    return this.lines.position(offset);
  }
}

export class YamlDocument {
  /** Plain data with aliases and merge keys resolved; null for an empty document or one that cannot be resolved. */
  readonly value: unknown;
  /** Why it cannot be resolved. */
  readonly problem: YamlProblem | undefined;

  constructor(
    readonly file: YamlFile,
    readonly index: number,
    private readonly parsed: Document.Parsed,
  ) {
    try {
      const value: unknown = parsed.toJS();
      const isEndless = file.text.includes('*') && holdsItself(value);
      this.value = isEndless ? null : value;
      if (isEndless) this.problem = { code: 'ALIAS_CYCLE', message: 'an anchor contains itself', offset: this.offset };
    } catch (error) {
      this.value = null;
      this.problem = unresolvable(parsed, error as Error, this.offset);
    }
  }

  get root(): ParsedNode | null {
    return this.parsed.contents;
  }

  /** Where the document's content begins. */
  get offset(): number {
    return this.root?.range[0] ?? this.parsed.range[0];
  }

  /** The value at a path as it is in effect, aliases and merge keys followed; undefined where there is none. */
  locate(path: YamlPath): Located | undefined {
    let found: Located = { node: this.root, offset: this.offset, via: 'own' };
    for (const step of path) {
      const next = this.step(found, step);
      if (!next) return undefined;
      found = next;
    }
    return found;
  }

  /** The offset of the deepest part of a path that is there: where a finding about a missing key points to. */
  nearestOffset(path: YamlPath): number {
    for (let length = path.length; length > 0; length--) {
      const found = this.locate(path.slice(0, length));
      if (found) return found.offset;
    }
    return this.offset;
  }

  private step({ node, via }: Located, step: string | number, depth = 0): Located | undefined {
    const isShared = isAlias(node);
    const target = isShared ? (node.resolve(this.parsed) as ParsedNode | undefined) : node;
    const here = isShared && via === 'own' ? 'alias' : via;
    if (isSeq(target)) {
      const item = typeof step === 'number' ? target.items[step] : undefined;
      return item && { node: item, offset: item.range[0], via: here };
    }
    if (!isMap(target)) return undefined;
    // Of a key that is given twice the last counts.
    const own = target.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(step));
    if (own) return { node: own.value, offset: own.key.range[0], via: here };
    return this.merged(target.items, step, depth);
  }

  /** What the `<<` keys of a map bring in; the first source that has the key wins. */
  private merged(items: readonly MapItem[], step: string | number, depth: number): Located | undefined {
    // A mapping may merge itself.
    if (depth > mergesAtMost) return undefined;
    for (const { key, value } of items) {
      if (!isMergeKey(key)) continue;
      const sources = isSeq(value) ? value.items : [value];
      for (const source of sources) {
        const found = source && this.step({ node: source, offset: source.range[0], via: 'own' }, step, depth + 1);
        if (found) return { ...found, via: 'merge' };
      }
    }
    return undefined;
  }
}

const mergesAtMost = 100;

/** The parser quotes the file behind a colon: a password that begins with `*` is an alias to it. Where it stands says enough. */
function withoutQuote(message: string): string {
  return message.replace(/: .*/s, '');
}

/** Of an error by which the parser gives up making data of a document. */
function unresolvable(document: Document.Parsed, error: Error, offset: number): YamlProblem {
  if (error instanceof RangeError)
    return { code: 'TOO_DEEP', message: 'is nested too deeply to be read, or merges itself', offset };
  // It counts what aliases expand to, and stops at a hundred times the nodes.
  if (error.message.startsWith('Excessive alias count'))
    return { code: 'ALIAS_BOMB', message: 'aliases of aliases expand to more than a file may hold', offset };
  let lost: Alias.Parsed | undefined;
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return undefined;
      lost = alias as Alias.Parsed;
      return visit.BREAK;
    },
  });
  return lost
    ? { code: 'UNRESOLVED_ALIAS', message: 'no anchor before this alias has its name', offset: lost.range[0] }
    : { code: 'BAD_MERGE', message: 'a merge key (<<) has something that is no mapping', offset };
}

/** Whether a mapping or sequence is found inside of itself; what is shared and does not is looked at once. */
function holdsItself(value: unknown, above = new Set<unknown>(), done = new Set<unknown>()): boolean {
  if (typeof value !== 'object' || value === null || done.has(value)) return false;
  if (above.has(value)) return true;
  above.add(value);
  const found = Object.values(value).some((part) => holdsItself(part, above, done));
  above.delete(value);
  done.add(value);
  return found;
}

/** A plain `<<`: the parser gives it a symbol, so that a quoted one stays a key like any other. */
export const isMergeKey = (key: unknown): boolean => isScalar(key) && typeof key.value === 'symbol';

interface MapItem {
  readonly key: ParsedNode;
  readonly value: ParsedNode | null;
}
