/** The entries of a collection, each with the bytes it stands in. */
import { type CST, isMap, isScalar, isSeq, type Pair, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml';
import { commentsBelow } from './lines.js';

export type Collection = YAMLMap.Parsed | YAMLSeq.Parsed;

export interface Entry {
  /** Its first byte: a `-` or `?`, an anchor or tag, or the key. */
  readonly head: number;
  /** The end of its content; after the line break where that is a block scalar. */
  readonly end: number;
  readonly token: CST.CollectionItem;
  /** Of a map's entry. */
  readonly key: ParsedNode | undefined;
  readonly value: ParsedNode | null;
}

export const isCollection = (node: unknown): node is Collection => isMap(node) || isSeq(node);

/** Undefined where the parser made more of it than the text says (`!!omap` and the like). */
export function entriesOf(collection: Collection): readonly Entry[] | undefined {
  if (isMap(collection)) {
    const pairs = collection.items as readonly Pair<ParsedNode, ParsedNode | null>[];
    const entries = pairs.map((pair) => pair.srcToken && toEntry(pair.srcToken, pair.key, pair.value));
    return entries.every((entry) => entry !== undefined) ? entries : undefined;
  }
  const tokens: readonly CST.CollectionItem[] = collection.srcToken?.items.filter(isItem) ?? [];
  const items = collection.items as readonly unknown[];
  if (tokens.length !== items.length) return undefined;
  return tokens.map((token, index) => toEntry(token, undefined, items[index] as ParsedNode));
}

/** The end of an entry with the comments in it: below a collection or a missing value, what is indented deeper. */
export function extentEnd(text: string, entry: Entry, column: number): number {
  const value = entry.token.value;
  const hasInside = !value || value.type === 'block-map' || value.type === 'block-seq';
  return hasInside ? commentsBelow(text, entry.end, column) : entry.end;
}

/** Does a scalar say nothing, so that something may be put in its place? */
export const isNull = (node: ParsedNode | null | undefined): boolean =>
  !node || (isScalar(node) && node.value === null && !node.tag);

/** Where a value's first byte stands, without its anchor and tag. */
export function contentStart(token: CST.Token): number {
  if (token.type !== 'block-map' && token.type !== 'block-seq') return token.offset;
  const [first] = token.items;
  return first ? Math.min(token.offset, headOf(first)) : token.offset;
}

export function contentEnd(token: CST.Token): number {
  switch (token.type) {
    case 'block-map':
    case 'block-seq':
      return endOf(token.items.findLast(isItem)!);
    case 'flow-collection':
      return endOfToken(token.end[0] ?? token.start);
    case 'block-scalar':
      return headerEnd(token) + token.source.length;
    default:
      return endOfToken(token as CST.SourceToken);
  }
}

/** Where a block scalar's text begins: after its indicators, a comment beside them, and the line break. */
export function headerEnd(token: CST.BlockScalar): number {
  return endOfToken((token.props.at(-1) ?? token) as CST.SourceToken);
}

/** The last of some tokens that is neither space, comment nor line break. */
export function lastMeant(tokens: readonly CST.SourceToken[] | undefined): CST.SourceToken | undefined {
  return tokens?.findLast(isMeant);
}

export const endOfToken = (token: { readonly offset: number; readonly source: string }): number =>
  token.offset + token.source.length;

const isMeant = ({ type }: CST.SourceToken): boolean =>
  type !== 'space' && type !== 'comment' && type !== 'newline' && type !== 'comma';

const isItem = (item: CST.CollectionItem): boolean =>
  item.key !== undefined || item.sep !== undefined || item.value !== undefined || item.start.some(isMeant);

function toEntry(token: CST.CollectionItem, key: ParsedNode | undefined, value: ParsedNode | null): Entry {
  return { head: headOf(token), end: endOf(token), token, key, value };
}

function headOf({ start, key, sep, value }: CST.CollectionItem): number {
  const meant = start.find(isMeant);
  if (meant) return meant.offset;
  if (key) return contentStart(key);
  return sep?.find(isMeant)?.offset ?? contentStart(value!);
}

function endOf({ start, key, sep, value }: CST.CollectionItem): number {
  if (value && !isEmptyScalar(value)) return contentEnd(value);
  const meant = lastMeant(sep);
  if (meant) return endOfToken(meant);
  if (key) return contentEnd(key);
  return endOfToken(lastMeant(start)!);
}

const isEmptyScalar = (token: CST.Token): boolean => token.type === 'scalar' && token.source === '';
