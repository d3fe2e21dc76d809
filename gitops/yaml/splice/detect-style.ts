/** The style of a file, as seen from a place in it: what stands near counts before what stands far. */
import { isMap, type ParsedNode } from 'yaml';
import { type Collection, contentStart, entriesOf, isCollection } from './entries.js';
import { columnOf, isFirstOnLine } from './lines.js';
import type { Quote } from './render-scalar.js';
import type { RenderStyle } from './render-value.js';
import type { SourceDocument, SourceText } from './source-text.js';

/** What the collections of a file tell, as far as one of them does. */
interface Seen {
  mapStep?: number;
  sequenceStep?: number;
  mapPad?: string;
  sequencePad?: string;
}

/** `around`: the collections that the place is in, the innermost first. */
export function detectStyle(
  source: SourceText,
  document: SourceDocument,
  around: readonly Collection[],
): Omit<RenderStyle, 'literals'> {
  const seen: Seen = {};
  for (const collection of seenFrom(source, document, around)) {
    if (collection.flow) seePads(source.text, collection, seen);
    else if (isMap(collection)) seeSteps(source.text, collection, seen);
    if (Object.keys(seen).length === 4) break;
  }
  const { mapStep, sequenceStep } = seen;
  return {
    mapStep: mapStep ?? (sequenceStep || 2),
    sequenceStep: sequenceStep ?? mapStep ?? 2,
    quote: commonQuote(source.text),
    keyQuote: around[0] && keyQuote(around[0]),
    mapPad: seen.mapPad ?? ' ',
    sequencePad: seen.sequencePad ?? '',
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

/** How much deeper collections stand than the keys they belong to. */
function seeSteps(text: string, collection: Collection, seen: Seen): void {
  if (seen.mapStep !== undefined && seen.sequenceStep !== undefined) return;
  for (const { head, token } of entriesOf(collection) ?? []) {
    if (token.value?.type !== 'block-map' && token.value?.type !== 'block-seq') continue;
    const start = contentStart(token.value);
    if (!isFirstOnLine(text, start)) continue;
    const step = columnOf(text, start) - columnOf(text, head);
    if (token.value.type === 'block-map') seen.mapStep ??= step;
    else seen.sequenceStep ??= step;
  }
}

/** White space within brackets that stand in one line. */
function seePads(text: string, collection: Collection, seen: Seen): void {
  const [first] = entriesOf(collection) ?? [];
  if (!first || !collection.srcToken) return;
  const pad = text.slice(collection.srcToken.offset + 1, first.head);
  if (!/^ *$/.test(pad)) return;
  if (isMap(collection)) seen.mapPad ??= pad;
  else seen.sequencePad ??= pad;
}

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
