/** A new entry in a collection that has some: whole lines in a block, a part of a line or a line of its own in flow. */
import { isMap } from 'yaml';
import type { Place, YamlValue } from '../yaml-edit.js';
import { type Collection, type Entry, extentEnd } from './entries.js';
import { insertInFlow } from './insert-in-flow.js';
import { columnOf, commentsAbove, isFirstOnLine, lineAfter, lineBreak, lineStart, nextLine } from './lines.js';
import { commentLines, entryLines, flowEntry, itemLines, renderFlow, type RenderStyle } from './render-value.js';
import { contentStart } from './entries.js';
import { itemIndex } from './goal.js';
import type { Slot } from './slot.js';
import { insertLines, type Splice } from './splice.js';
import { isNamed } from './walk.js';

export interface NewEntry {
  /** Of a map's entry. */
  readonly key: string | undefined;
  readonly value: YamlValue;
  readonly index: number;
  readonly comment: string | undefined;
}

/** The collection and its slot; undefined where the entry cannot stand there (a comment within a line). */
export function insertEntry(
  text: string,
  { slot, collection, entries }: { slot: Slot; collection: Collection; entries: readonly Entry[] },
  { key, value, index, comment }: NewEntry,
  style: RenderStyle,
): Splice | undefined {
  if (collection.flow) {
    const item = key === undefined ? renderFlow(value, style) : flowEntry(key, value, style);
    return insertInFlow(
      text,
      { collection, entries },
      { item, index, comment },
      isMap(collection) ? style.mapPad : style.sequencePad,
    );
  }
  const column = columnOf(text, entries[0]!.head);
  const lines = [
    ...commentLines(comment, column),
    ...(key === undefined
      ? itemLines(value, column, style, dashWidth(text, entries))
      : entryLines(key, value, column, style)),
  ];
  const newline = lineBreak(text, entries[0]!.head);
  const before = entries[index - 1];
  if (before) return insertLines(text, lineAfter(text, extentEnd(text, before, column)), lines, newline);

  const { head } = entries[0]!;
  if (isFirstOnLine(text, head)) {
    // Comments above the first entry of a document are about the document.
    const bound = slot.of === 'document' ? lineStart(text, head) : nextLine(text, slot.after);
    return insertLines(text, commentsAbove(text, head, bound), lines, newline);
  }
  const inserted = [...lines, ' '.repeat(column)].join(newline).trimStart();
  return { start: head, end: head, text: inserted };
}

/** Where an entry goes among those that are there. */
export function indexFor(entries: readonly Entry[], key: string | undefined, at: Place | undefined): number {
  const { length } = entries;
  if (key === undefined) return itemIndex(length, at);
  if (typeof at === 'object') {
    const named = 'after' in at ? at.after : at.before;
    const index = entries.findIndex((entry) => isNamed(entry.key, named));
    if (index !== -1) return 'after' in at ? index + 1 : index;
  }
  return at === 'end' ? length : (sortedIndex(entries, key) ?? length);
}

/** Kubernetes' two head keys stand first whatever comes after them; three keys in order are no accident. */
function sortedIndex(entries: readonly Entry[], key: string): number | undefined {
  const keys = entries.map((entry) => String((entry.key as { value?: unknown } | undefined)?.value));
  const head = keys[0] === 'apiVersion' ? (keys[1] === 'kind' ? 2 : 1) : 0;
  const rest = keys.slice(head);
  if (rest.length < 3 || rest.some((name, index) => index > 0 && name <= rest[index - 1]!)) return undefined;
  const index = rest.findIndex((name) => name > key);
  return index === -1 ? keys.length : head + index;
}

/** From a sequence's dash to its items, as those that are there have it. */
function dashWidth(text: string, entries: readonly Entry[]): number {
  for (const { head, token } of entries) {
    const start = token.value && contentStart(token.value);
    if (start !== undefined && lineStart(text, start) === lineStart(text, head)) return start - head;
  }
  return 2;
}
