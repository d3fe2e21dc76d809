/** A new entry between brackets. */
import type { CST } from 'yaml';
import { type Collection, endOfToken, type Entry } from './entries.js';
import {
  commentsAbove,
  indentation,
  isBlank,
  isFirstOnLine,
  lineBreak,
  lineEnd,
  lineStart,
  nextLine,
} from './lines.js';
import { commentLines } from './render-value.js';
import { insertLines, type Splice } from './splice.js';

export interface FlowItem {
  readonly item: string;
  readonly index: number;
  readonly comment: string | undefined;
}

export function insertInFlow(
  text: string,
  { collection, entries }: { collection: Collection; entries: readonly Entry[] },
  { item, index, comment }: FlowItem,
  pad: string,
): Splice | undefined {
  const token = collection.srcToken as CST.FlowCollection | undefined;
  // A pair within a sequence, `[key: value]`, has no brackets to add to.
  if (!token) return undefined;
  if (entries.length === 0) return insertInEmpty(text, token, item, comment, pad);

  const next = entries[index];
  const neighbour = next ?? entries.at(-1)!;
  const hasOwnLine =
    isFirstOnLine(text, neighbour.head) && lineStart(text, token.offset) < lineStart(text, neighbour.head);
  if (!hasOwnLine) {
    if (comment !== undefined) return undefined;
    return next
      ? { start: next.head, end: next.head, text: `${item}, ` }
      : { start: neighbour.end, end: neighbour.end, text: `${commaBehind(text, neighbour)} ${item}` };
  }
  const indent = indentation(text, neighbour.head);
  const above = commentLines(comment, 0).map((line) => indent + line);
  const newline = lineBreak(text, neighbour.head);
  if (next) {
    const comma = commaOf(next.token);
    const bound = comma ? nextLine(text, comma.offset) : nextLine(text, token.offset);
    if (bound > next.head) return { start: next.head, end: next.head, text: `${item}, ` };
    return insertLines(text, commentsAbove(text, next.head, bound), [...above, `${indent}${item},`], newline);
  }
  return append(text, token, neighbour, [...above, indent + item], newline);
}

export const commaOf = (item: CST.CollectionItem | undefined): CST.SourceToken | undefined =>
  item?.start.find(({ type }) => type === 'comma');

/** Some parsers take a comma right behind a colon for a part of the key. */
const commaBehind = (text: string, { end }: Entry): string => (text[end - 1] === ':' ? ' ,' : ',');

/** Below the last entry: its comma comes first, then what is behind it on its line. */
function append(
  text: string,
  token: CST.FlowCollection,
  last: Entry,
  lines: readonly string[],
  newline: string,
): Splice {
  const comma = commaOf(token.items.at(-1) === last.token ? undefined : token.items.at(-1));
  const from = comma ? endOfToken(comma) : last.end;
  const end = lineEnd(text, from);
  const close = token.end[0]!.offset;
  const added = commaBehind(text, last);
  if (close < end) return { start: last.end, end: last.end, text: [added, ...lines].join(newline) };
  const tail = text.slice(last.end, end);
  const rows = [comma ? tail : added + tail, ...lines];
  return { start: last.end, end, text: rows.join(newline) + (comma ? ',' : '') };
}

/** Brackets with nothing between them, or comments. */
function insertInEmpty(
  text: string,
  token: CST.FlowCollection,
  item: string,
  comment: string | undefined,
  pad: string,
): Splice | undefined {
  const open = endOfToken(token.start);
  const close = token.end[0]!.offset;
  const inside = text.slice(open, close);
  if (isBlank(inside) && comment === undefined) return { start: open, end: close, text: pad + item + pad };
  if (!isFirstOnLine(text, close)) return undefined;
  const indent = `${indentation(text, close)}  `;
  const lines = [...commentLines(comment, 0), item].map((line) => indent + line);
  return insertLines(text, lineStart(text, close), lines, lineBreak(text, close));
}
