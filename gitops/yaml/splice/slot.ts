/** The place a value has in the text: what stands before it, and where it begins and ends. */
import { type CST, isSeq } from 'yaml';
import { type Collection, contentEnd, contentStart, endOfToken, type Entry, lastMeant } from './entries.js';
import { columnOf } from './lines.js';
import type { SourceDocument, SourceText } from './source-text.js';
import type { Level, Walk } from './walk.js';

export interface Slot {
  readonly isFlow: boolean;
  /** What it is the value of: a key, a key behind a `?`, an item's `-`, a key that has no `:` yet, or the document. */
  readonly of: 'key' | 'explicit' | 'item' | 'bare' | 'document';
  /** The end of what stands before it: the indicator, or the anchor or tag that comes after that. */
  readonly after: number;
  /** Has it an anchor or a tag? */
  readonly hasProps: boolean;
  readonly tag: CST.SourceToken | undefined;
  /** Of the entry it belongs to; -1 for a document. */
  readonly column: number;
  /** None where nothing is written for it. */
  readonly content: Content | undefined;
}

export interface Content {
  readonly token: CST.Token;
  readonly start: number;
  readonly end: number;
}

export function slotOf({ text }: SourceText, collection: Collection, entry: Entry): Slot {
  const { start, key, sep, value } = entry.token;
  const isFlow = collection.flow === true;
  const column = columnOf(text, entry.head);
  if (isSeq(collection) && (key !== undefined || sep !== undefined)) {
    // A pair without braces, `[key: value]`; an anchor before it is the key's.
    const pair = { token: key ?? value!, start: entry.head, end: entry.end };
    return { isFlow, of: 'item', after: entry.head, hasProps: false, tag: undefined, column, content: pair };
  }
  const content = contentOf(value);
  if (isSeq(collection)) {
    // A flow sequence has no indicators: its items begin with their anchors, or with themselves.
    const before = lastMeant(start);
    const after = before ? endOfToken(before) : content!.start;
    return { isFlow, of: 'item', after, ...propsOf(start), column, content };
  }
  const before = lastMeant(sep);
  if (!before)
    return { isFlow, of: 'bare', after: entry.end, hasProps: false, tag: undefined, column, content: undefined };
  const isExplicit = start.some(({ type }) => type === 'explicit-key-ind');
  const of = isExplicit ? 'explicit' : 'key';
  return { isFlow, of, after: endOfToken(before), ...propsOf(sep), column, content };
}

export function slotOfLevel(source: SourceText, { collection, entries, index }: Level): Slot {
  return slotOf(source, collection, entries[index]!);
}

export function slotOfDocument({ token }: SourceDocument): Slot {
  const content = contentOf(token.value);
  const before = lastMeant(token.start);
  const after = before ? endOfToken(before) : (content?.start ?? token.offset);
  return { isFlow: false, of: 'document', after, ...propsOf(token.start), column: -1, content };
}

/** Of the node a walk ended at. */
export function slotOfWalk(source: SourceText, document: SourceDocument, { levels }: Walk): Slot {
  const level = levels.at(-1);
  return level ? slotOfLevel(source, level) : slotOfDocument(document);
}

function propsOf(tokens: readonly CST.SourceToken[] | undefined): Pick<Slot, 'hasProps' | 'tag'> {
  const tag = tokens?.find(({ type }) => type === 'tag');
  return { tag, hasProps: tag !== undefined || (tokens ?? []).some(({ type }) => type === 'anchor') };
}

function contentOf(token: CST.Token | undefined): Content | undefined {
  if (!token || (token.type === 'scalar' && token.source === '')) return undefined;
  return { token, start: contentStart(token), end: contentEnd(token) };
}
