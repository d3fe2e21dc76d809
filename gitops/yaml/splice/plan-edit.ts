/** From an edit to the splices that may make it. Each is a proposal: only reading it back tells whether it is right. */
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { EntryEdit, InsertEdit, Place, RemoveEdit, YamlValue } from '../yaml-edit.js';
import type { YamlPath } from '../yaml-file.js';
import { detectStyle } from './detect-style.js';
import { type Collection, entriesOf, isCollection, isNull } from './entries.js';
import { indexFor, insertEntry } from './insert-entry.js';
import { isBlank, lineBreak, lineStart } from './lines.js';
import { removeEntry } from './remove-entry.js';
import { commentLines, type RenderStyle } from './render-value.js';
import { replaceValue, withoutTag } from './replace-value.js';
import { type Slot, slotOfWalk } from './slot.js';
import type { SourceDocument, SourceText } from './source-text.js';
import type { Splice } from './splice.js';
import { type Elsewhere, type Level, walk, type Walk } from './walk.js';

/** Of the ways to make the same edit, one. */
export interface Way {
  /** Maps that are written as a merge key's value are edited there, otherwise overridden. */
  readonly intoMerges: boolean;
  /** Texts of several lines become literal blocks. */
  readonly literals: boolean;
}

/** What stands in the way: content that is written elsewhere, or the reason in words. */
export type Obstacle = Elsewhere | { readonly kind: 'other'; readonly reason: string };
export type Plan = { readonly splices: readonly Splice[] } | { readonly obstacle: Obstacle };

interface Target {
  readonly source: SourceText;
  readonly document: SourceDocument;
  readonly way: Way;
}

interface Addition {
  /** None for a sequence's item. */
  readonly key: string | undefined;
  readonly value: YamlValue;
  readonly at: Place | undefined;
  readonly comment: string | undefined;
}

export function planEdit(source: SourceText, document: SourceDocument, edit: EntryEdit, way: Way): Plan {
  const target = { source, document, way };
  const walked = walk(document, edit.path, way.intoMerges);
  switch (edit.op) {
    case 'set':
      if (walked.rest.length > 0) return create(target, walked, edit.value, edit.at, edit.comment);
      return replace(target, walked, edit.value);
    case 'insert':
      return insert(target, walked, edit);
    case 'remove':
      return remove(target, walked, edit);
  }
}

function replace(target: Target, walked: Walk, value: YamlValue): Plan {
  const { text } = target.source;
  const slot = slotOfWalk(target.source, target.document, walked);
  const splice = replaceValue(text, slot, value, styleAt(target, walked))!;
  return { splices: slot.tag ? [splice, withoutTag(text, slot, splice)] : [splice] };
}

function insert(target: Target, walked: Walk, { key, value, at, comment }: InsertEdit): Plan {
  if (walked.elsewhere) return { obstacle: walked.elsewhere };
  if (walked.rest.length > 0) {
    return create(target, walked, key === undefined ? [value] : { [key]: value }, undefined, comment);
  }
  if (isAlias(walked.node)) return { obstacle: { kind: 'alias', anchor: walked.node.source } };
  return add(target, walked, { key, value, at, comment });
}

/** The first key that is missing, with all that comes below it. */
function create(
  target: Target,
  walked: Walk,
  value: YamlValue,
  at: Place | undefined,
  comment: string | undefined,
): Plan {
  const { rest, elsewhere } = walked;
  const [key, ...below] = rest;
  const isOverride = elsewhere?.kind === 'merge' && below.length === 0;
  if (elsewhere && !isOverride) return { obstacle: elsewhere };
  const index = rest.find((step) => typeof step === 'number');
  if (index !== undefined) return other(`has no item ${index}; insert it`);
  const nested = below.reduceRight<YamlValue>((inner, step) => ({ [step]: inner }), value);
  return add(target, walked, { key: String(key), value: nested, at, comment });
}

function add(target: Target, walked: Walk, { key, value, at, comment }: Addition): Plan {
  const { source, document } = target;
  const { node } = walked;
  const slot = slotOfWalk(source, document, walked);
  const isRightKind = key === undefined ? isSeq(node) : isMap(node);
  if (!isNull(node) && !isRightKind) {
    return other(`is ${kindOf(node)}, so ${key === undefined ? 'no item' : `no key ${key}`} can be added to it`);
  }
  const collection = isCollection(node) ? node : undefined;
  const entries = collection && (entriesOf(collection) ?? []);
  if (entries?.length !== collection?.items.length)
    return other('is made something else of by its tag; edit it by hand');
  const addWith = (above: string | undefined): Splice | undefined => {
    if (!collection || !entries || isRoomy(source.text, slot, collection)) {
      const whole = key === undefined ? [value] : { [key]: value };
      return replaceValue(source.text, slot, whole, styleAt(target, walked), above);
    }
    const entry = { key, value, index: indexFor(entries, key, at), comment: above };
    return insertEntry(source.text, { slot, collection, entries }, entry, styleAt(target, walked, collection));
  };
  const splice = addWith(comment);
  if (splice || comment === undefined) return one(splice);
  const bare = addWith(undefined);
  return one(bare && withCommentAbove(source.text, document, walked, comment, bare));
}

/** Within a line there is no place for a comment: it goes above the line. */
function withCommentAbove(
  text: string,
  { parsed }: SourceDocument,
  { levels }: Walk,
  comment: string,
  splice: Splice,
): Splice {
  const level = levels.findLast(({ collection }) => !collection.flow);
  const start = lineStart(text, level ? level.entries[level.index]!.head : parsed.contents!.range[0]);
  const column = /^ */.exec(text.slice(start))![0].length;
  const lines = commentLines(comment, column).map((line) => line + lineBreak(text, start));
  return { start, end: splice.end, text: lines.join('') + text.slice(start, splice.start) + splice.text };
}

function remove({ source, document, way }: Target, walked: Walk, { pruneEmpty }: RemoveEdit): Plan {
  if (walked.elsewhere) return { obstacle: walked.elsewhere };
  let { levels } = walked;
  if (walked.rest.length > 0) return other('is written in a way that cannot be edited');
  if (levels.length === 0) return other('is the whole document; remove that');
  while (pruneEmpty && levels.length > 1 && levels.at(-1)!.entries.length === 1) levels = levels.slice(0, -1);

  const level = levels.at(-1)!;
  const parent: Walk = { levels: levels.slice(0, -1), node: level.collection, rest: [] };
  const slot = slotOfWalk(source, document, parent);
  if (level.entries.length > 1) return { splices: removeEntry(source.text, slot, level) };
  const empty = isMap(level.collection) ? {} : [];
  return one(replaceValue(source.text, slot, empty, styleAt({ source, document, way }, parent)));
}

function styleAt({ source, document, way }: Target, { levels }: Walk, innermost?: Collection): RenderStyle {
  const around = levels.map(({ collection }: Level) => collection).toReversed();
  const seen = innermost ? [innermost, ...around] : around;
  return { ...detectStyle(source, document, seen), literals: way.literals };
}

const one = (splice: Splice | undefined): Plan =>
  splice ? { splices: [splice] } : other('has no place for another entry');

const other = (reason: string): Plan => ({ obstacle: { kind: 'other', reason } });

/** Brackets with nothing between them, in a block: what comes in is a block, too. */
const isRoomy = (text: string, { isFlow }: Slot, { items, range }: Collection): boolean =>
  !isFlow && items.length === 0 && isBlank(text.slice(range[0] + 1, range[1] - 1));

function kindOf(node: unknown): string {
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a sequence';
  return isScalar(node) && typeof node.value === 'string' ? 'a text' : 'a value';
}

/** For messages: `spec.values.containers[0]`. */
export function pathText(path: YamlPath): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return text === '' ? 'the document' : text.replace(/^\./, '');
}
