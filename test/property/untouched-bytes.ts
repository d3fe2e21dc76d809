/** Which bytes of a text an edit may change, worked out from the parser's nodes. */
import { type CST, type Document, isMap, isNode, isScalar, isSeq, type Node } from 'yaml';
import { expect } from 'vitest';
import type { EntryEdit, RemoveEdit } from '../../gitops/yaml/yaml-edit.js';
import type { YamlPath } from '../../gitops/yaml/yaml-file.js';
import type { ReadText } from './plain-data.js';

/** Bytes outside of the node that the edit names are the same, and so are comments that are not of what it replaces. */
export function expectUntouchedBytes(before: ReadText, after: ReadText, edit: EntryEdit): void {
  const region = regionOf(before, edit);
  const behind = before.text.length - region.end;
  expect(after.text.slice(0, region.start)).toBe(before.text.slice(0, region.start));
  expect(after.text.slice(after.text.length - behind)).toBe(before.text.slice(region.end));
  const left = after.comments.map(({ source }) => source);
  const lost = before.comments.filter(({ source, offset }) => {
    if (region.mayDrop(offset)) return false;
    const at = left.indexOf(source);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
  expect(lost).toEqual([]);
  const shared = sharedEnds(before.text, after.text);
  if (region.isBlockInsertion) expect(shared).toBeGreaterThanOrEqual(before.text.length);
  if (region.isBlockRemoval) expect(shared).toBeGreaterThanOrEqual(after.text.length);
}

interface Region {
  readonly start: number;
  readonly end: number;
  readonly mayDrop: (offset: number) => boolean;
  readonly isBlockInsertion: boolean;
  readonly isBlockRemoval: boolean;
}

interface Place {
  readonly node: Node | null;
  readonly container: Node | undefined;
  /** From behind its key, or behind the item before it. */
  readonly start: number;
  /** To the next entry's beginning, as the parser sees it. */
  readonly end: number;
}

function regionOf({ text, documents }: ReadText, edit: EntryEdit): Region {
  const places = placesOf(text, documents, edit);
  const place = places.at(-1)!;
  const region = { start: place.start, end: place.end, isBlockInsertion: false, isBlockRemoval: false };
  if (edit.op === 'remove') return { ...region, ...regionOfRemoval(text, places, edit) };
  const isWhole = edit.op === 'set' && places.length === edit.path.length + 1;
  if (isWhole) return { ...region, ...regionOfValue(text, place, edit.path) };
  const isBlockInsertion = itemsOf(place).length > 0 && !isFlow(place.node);
  if (edit.comment === undefined) return { ...region, mayDrop: () => false, isBlockInsertion };
  // Within a line there is no place for it: it goes above the line.
  const flow = places.findIndex(({ node }) => isFlow(node));
  const { container } = places[flow] ?? {};
  const line = container ? entryStart(container, edit.path[flow - 1]!) : (places[0]!.node?.range?.[0] ?? 0);
  const start = flow === -1 ? region.start : text.lastIndexOf('\n', line) + 1;
  return { ...region, start, mayDrop: () => false, isBlockInsertion };
}

/** Of a value that is replaced: behind a scalar, its line and what comes below stay. */
function regionOfValue(text: string, { node, container, start, end }: Place, path: YamlPath) {
  if (!isBlockCollection(node)) {
    const last =
      isScalar(node) && /^[|>]/.test(text.slice(node.range![0]))
        ? node.range![1]
        : lineEnd(text, node?.range?.[1] ?? start);
    return { end: last, mayDrop: (offset: number) => isFlow(node) && offset < node!.range![1] };
  }
  const from = path.length === 0 ? start : Math.min(text.indexOf('\n', start), node!.range![0]);
  const column = path.length === 0 ? 0 : columnOf(text, entryStart(container!, path.at(-1)!));
  const isInside = (offset: number) => offset < node!.range![2] || columnOf(text, offset) > column;
  return { end, mayDrop: (offset: number) => offset >= from && offset < end && isInside(offset) };
}

function regionOfRemoval(text: string, places: readonly Place[], { path, pruneEmpty }: RemoveEdit) {
  const parents = places.slice(0, -1);
  const kept = parents.findLastIndex((parent) => itemsOf(parent).length > 1);
  const parent = parents.at(-1)!;
  const isOnly = kept < parents.length - 1;
  if (isOnly && (!pruneEmpty || kept === -1)) {
    // `{}` or `[]` is left.
    const { start, end } = pruneEmpty ? parents[0]! : parent;
    return { start, end, mayDrop: (offset: number) => offset >= start && offset < end };
  }
  const from = parents[kept]!;
  const gone = places[kept + 1]!;
  const above = ownComments(text, from.start, entryStart(from.node, path[kept]!));
  const mayDrop = (offset: number) => offset >= above && offset < gone.end;
  if (isFlow(from.node)) return { start: from.start, end: from.end, mayDrop };
  return { start: blanksAbove(text, above), end: gone.end, mayDrop, isBlockRemoval: true };
}

const itemsOf = ({ node }: Place): readonly unknown[] => (isMap(node) || isSeq(node) ? node.items : []);

const isBlockCollection = (node: Node | null): boolean => (isMap(node) || isSeq(node)) && !node.flow;

const isFlow = (node: Node | null): boolean => (node as { flow?: boolean } | null)?.flow === true;

/** The nodes written on an edit's path, as far as they go; a merge key's own map is walked into. */
function placesOf(text: string, documents: readonly Document.Parsed[], { document: at, path }: EntryEdit): Place[] {
  const document = documents[at]!;
  const last = document === documents.at(-1) ? text.length : document.range[2];
  const root: Place = { node: document.contents, container: undefined, start: document.range[0], end: last };
  const places = [root];
  for (const step of path) {
    const { node, end } = places.at(-1)!;
    const next = isMap(node) || isSeq(node) ? childOf(node, step, end) : undefined;
    if (!next) break;
    places.push(next);
  }
  return places;
}

function childOf(container: Node, step: string | number, end: number): Place | undefined {
  if (isSeq(container)) {
    const items = container.items as Node[];
    const index = typeof step === 'number' && step < items.length ? step : -1;
    if (index === -1) return undefined;
    const before = items[index - 1]?.range?.[1] ?? container.range![0];
    const behind = items[index + 1];
    return { node: items[index]!, container, start: before, end: behind ? startOf(behind) : end };
  }
  if (!isMap(container)) return undefined;
  const pairs = container.items as { key: Node; value: Node | null }[];
  const index = pairs.findIndex(
    ({ key }) => isScalar(key) && typeof key.value !== 'symbol' && String(key.value) === String(step),
  );
  if (index !== -1) {
    const behind = pairs[index + 1]?.key;
    return {
      node: pairs[index]!.value,
      container,
      start: pairs[index]!.key.range![1],
      end: behind ? startOf(behind) : end,
    };
  }
  for (const { key, value } of pairs) {
    if (!isScalar(key) || typeof key.value !== 'symbol') continue;
    for (const source of isSeq(value) ? (value.items as Node[]) : [value]) {
      const found = source && childOf(source, step, end);
      if (found) return found;
    }
  }
  return undefined;
}

/** A node's first byte; the parser leaves out the anchor of a first key. */
const startOf = (node: Node): number => node.range![0];

/** Where an entry's key or dash stands. */
function entryStart(container: Node | null, step: string | number): number {
  if (isSeq(container)) {
    const token = container.srcToken as CST.BlockSequence | undefined;
    const dash = token?.items[step as number]?.start.find(({ type }) => type === 'seq-item-ind');
    return dash?.offset ?? startOf(container.items[step as number] as Node);
  }
  if (!isMap(container)) return 0;
  const pair = container.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  return isNode(pair?.key) ? startOf(pair.key) : 0;
}

function lineEnd(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  return feed === -1 ? text.length : feed;
}

const columnOf = (text: string, offset: number): number => offset - text.lastIndexOf('\n', offset - 1) - 1;

/** Where the comment lines right above an offset's line begin. */
function ownComments(text: string, bound: number, offset: number): number {
  let start = text.lastIndexOf('\n', offset - 1) + 1;
  while (start > bound) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    if (start === 0 || !/^\s*#/.test(text.slice(above, start))) break;
    start = above;
  }
  return start;
}

function blanksAbove(text: string, offset: number): number {
  let start = offset;
  while (start > 0) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    if (above >= start || text.slice(above, start).trim() !== '') break;
    start = above;
  }
  return start > 0 && text[start - 1] === '\n' ? start - (text[start - 2] === '\r' ? 2 : 1) : start;
}

function sharedEnds(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  let start = 0;
  while (start < length && one[start] === other[start]) start++;
  let end = 0;
  while (end < length && one.at(-1 - end) === other.at(-1 - end)) end++;
  return start + end;
}
