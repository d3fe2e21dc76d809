/** The style of a file, as seen from a place in it: what stands near counts before what stands far. */
import { type CST, isMap, isSeq, type ParsedNode } from 'yaml';
import { type Collection, contentStart, entriesOf, isCollection } from './entries.js';
import { columnOf, isFirstOnLine } from './lines.js';
import type { Quote } from './render-scalar.js';
import type { RenderStyle } from './render-value.js';
import type { SourceDocument, SourceText } from './source-text.js';

type Measure<T> = (text: string, collection: Collection) => T | undefined;

/** `around`: the collections that the place is in, the innermost first. */
export function detectStyle(
  source: SourceText,
  document: SourceDocument,
  around: readonly Collection[],
): Omit<RenderStyle, 'literals'> {
  const first = <T>(measure: Measure<T>): T | undefined => {
    for (const collection of seenFrom(source, document, around)) {
      const measured = measure(source.text, collection);
      if (measured !== undefined) return measured;
    }
    return undefined;
  };
  const mapStep = first(stepTo('block-map'));
  const sequenceStep = first(stepTo('block-seq'));
  return {
    mapStep: mapStep ?? (sequenceStep || 2),
    sequenceStep: sequenceStep ?? mapStep ?? 2,
    quote: commonQuote(source.text),
    keyQuote: around[0] && keyQuote(around[0]),
    mapPad: first(padIn(isMap)) ?? ' ',
    sequencePad: first(padIn(isSeq)) ?? '',
  };
}

/** The collections around, then those of the document, then those of the others. */
function* seenFrom(
  { documents }: SourceText,
  document: SourceDocument,
  around: readonly Collection[],
): Iterable<Collection> {
  yield* around;
  yield* within(document.parsed.contents);
  for (const other of documents) if (other !== document) yield* within(other.parsed.contents);
}

function* within(node: ParsedNode | null): Iterable<Collection> {
  if (!isCollection(node)) return;
  yield node;
  for (const { value } of entriesOf(node) ?? []) yield* within(value);
}

/** How much deeper block collections of a kind stand than the keys they belong to. */
const stepTo =
  (kind: CST.Token['type']): Measure<number> =>
  (text, collection) => {
    for (const { head, token } of isMap(collection) ? (entriesOf(collection) ?? []) : []) {
      if (token.value?.type !== kind) continue;
      const start = contentStart(token.value);
      if (isFirstOnLine(text, start)) return columnOf(text, start) - columnOf(text, head);
    }
    return undefined;
  };

/** White space within the brackets of flow collections of a kind that are written in one line. */
const padIn =
  (isKind: (node: unknown) => boolean): Measure<string> =>
  (text, collection) => {
    const [first] = collection.flow && isKind(collection) ? (entriesOf(collection) ?? []) : [];
    if (!first) return undefined;
    const pad = text.slice((collection.srcToken?.offset ?? first.head) + 1, first.head);
    return /^ *$/.test(pad) ? pad : undefined;
  };

/** The quotes of all keys of a map, if they have the same. */
function keyQuote(collection: Collection): Quote | undefined {
  const kinds = new Set(isMap(collection) ? entriesOf(collection)?.map(({ token }) => token.key?.type) : []);
  if (kinds.size !== 1) return undefined;
  if (kinds.has('double-quoted-scalar')) return '"';
  return kinds.has('single-quoted-scalar') ? "'" : undefined;
}

function commonQuote(text: string): Quote {
  const count = (quoted: RegExp) => text.match(quoted)?.length ?? 0;
  return count(/[[{,:-] *'/g) > count(/[[{,:-] *"/g) ? "'" : '"';
}
