/** An entry less: its lines with the comments right above them, or its part of a line. */
import type { CST } from 'yaml';
import { type Entry, endOfToken, extentEnd } from './entries.js';
import { commaOf } from './insert-in-flow.js';
import {
  blanksAbove,
  blanksBelow,
  columnOf,
  commentsAbove,
  isBlank,
  isFirstOnLine,
  lineAfter,
  lineEnd,
  lineStart,
  nextLine,
} from './lines.js';
import type { Slot } from './slot.js';
import type { Splice } from './splice.js';
import type { Level } from './walk.js';

/** From a collection that has others; the first of the ways that reads back as asked is the right one. */
export function removeEntry(text: string, slot: Slot, { collection, entries, index }: Level): readonly Splice[] {
  if (collection.flow) {
    return [removeFromFlow(text, collection.srcToken as CST.FlowCollection, entries, index)];
  }
  return removeFromBlock(text, slot, entries, index);
}

function removeFromBlock(text: string, slot: Slot, entries: readonly Entry[], index: number): readonly Splice[] {
  const entry = entries[index]!;
  const column = columnOf(text, entries[0]!.head);
  const end = lineAfter(text, extentEnd(text, entry, column));
  if (!isFirstOnLine(text, entry.head)) {
    // Behind a dash: what comes next moves up to it.
    const next = end + /^\s*/.exec(text.slice(end))![0].length;
    return [{ start: entry.head, end: next, text: '' }];
  }
  const before = entries[index - 1];
  const bound = before
    ? lineAfter(text, extentEnd(text, before, column))
    : slot.of === 'document'
      ? lineStart(text, entry.head)
      : nextLine(text, slot.after);
  const start = commentsAbove(text, entry.head, bound);
  const gapAbove = blanksAbove(text, start, bound);
  const gapBelow = blanksBelow(text, end);
  const plain = { start, end, text: '' };
  // Of two gaps, one goes with the entry. A gap may be part of the text above it, or would become so.
  const closing = gapAbove < start && isGapBelow(text, end) ? [{ start: gapAbove, end, text: '' }] : [];
  const wide = gapBelow > end ? [{ start, end: gapBelow, text: '' }] : [];
  // A text that keeps its line breaks needs the one above the entry, even at the end of the file.
  return [...[...closing, plain, ...wide].map((lines) => withoutBreakAbove(text, lines)), plain];
}

/** An empty line, or the end of the document. */
const isGapBelow = (text: string, at: number): boolean =>
  isBlank(text.slice(at, lineEnd(text, at))) || /^(?:---|\.\.\.)\s/.test(text.slice(at, at + 4));

/** A file whose last line has no break keeps it so. */
function withoutBreakAbove(text: string, lines: Splice): Splice {
  if (lines.end < text.length || text.endsWith('\n') || text[lines.start - 1] !== '\n') return lines;
  return { ...lines, start: text[lines.start - 2] === '\r' ? lines.start - 2 : lines.start - 1 };
}

function removeFromFlow(text: string, token: CST.FlowCollection, entries: readonly Entry[], index: number): Splice {
  const entry = entries[index]!;
  const next = entries[index + 1];
  const hasOwnLine = isFirstOnLine(text, entry.head) && lineStart(text, token.offset) < lineStart(text, entry.head);
  if (next) {
    const comma = commaOf(next.token)!;
    const below = nextLine(text, comma.offset);
    if (below > next.head) return { start: entry.head, end: next.head, text: '' };
    if (hasOwnLine) return { start: ownLines(text, token, entry), end: below, text: '' };
    const start = entry.head - /[ \t]*$/.exec(text.slice(0, entry.head))![0].length;
    return { start, end: lineEnd(text, comma.offset), text: '' };
  }
  const comma = commaOf(entry.token)!;
  const trailing = commaOf(token.items.at(-1) === entry.token ? undefined : token.items.at(-1));
  const end = trailing ? endOfToken(trailing) : entry.end;
  const close = token.end[0]!.offset;
  if (hasOwnLine && close > lineEnd(text, end)) {
    const start = ownLines(text, token, entry);
    const below = nextLine(text, end);
    if (trailing || comma.offset >= start) return { start, end: below, text: '' };
    return { start: comma.offset, end: below, text: text.slice(endOfToken(comma), start) };
  }
  const between = text.slice(endOfToken(comma), entry.head);
  const kept = between.includes('#') ? between : '';
  return { start: comma.offset, end: entry.end, text: kept };
}

/** The beginning of the lines of an entry with those of its comments, below the line where the entry before it ends. */
function ownLines(text: string, token: CST.FlowCollection, entry: Entry): number {
  const before = commaOf(entry.token)?.offset ?? token.offset;
  return commentsAbove(text, entry.head, Math.min(nextLine(text, before), lineStart(text, entry.head)));
}
