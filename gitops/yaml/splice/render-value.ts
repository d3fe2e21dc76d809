/** Values as YAML text, in the style of the place they are put in. */
import type { YamlValue } from '../yaml-edit.js';
import { isLiteral, type Quote, renderScalar } from './render-scalar.js';

export interface RenderStyle {
  /** How much deeper a map stands than the key it belongs to, and a sequence. */
  readonly mapStep: number;
  readonly sequenceStep: number;
  readonly quote: Quote;
  /** Keys are quoted where those around are. */
  readonly keyQuote: Quote | undefined;
  /** White space within the braces and brackets of flow collections. */
  readonly mapPad: string;
  readonly sequencePad: string;
  /** Texts of several lines as literal blocks; otherwise quoted. */
  readonly literals: boolean;
}

/** Text for the line of the indicator, and whole lines for below it. */
export interface Rendered {
  readonly head: string;
  readonly lines: readonly string[];
  /** The lines are entries of a block collection: the first of them may move up to the indicator's line. */
  readonly isCollection: boolean;
}

export interface Columns {
  /** Of the entries, should the value be a collection. */
  readonly collection: number;
  /** Of the text, should it be a literal block. */
  readonly literal: number;
}

/** How a scalar that is replaced was written. */
export type ScalarForm = Quote | 'literal' | 'folded' | undefined;

type YamlMap = Readonly<Record<string, YamlValue>>;

const isMap = (value: YamlValue): value is YamlMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isSequence = (value: YamlValue): value is readonly YamlValue[] => Array.isArray(value);

export function renderBlock(value: YamlValue, columns: Columns, style: RenderStyle, form?: ScalarForm): Rendered {
  if (isSequence(value) && value.length > 0) return collection(sequenceLines(value, columns.collection, style));
  if (isMap(value) && Object.keys(value).length > 0) return collection(mapLines(value, columns.collection, style));
  if (typeof value === 'string' && style.literals) {
    const folded = form === 'folded' && /^\S[^\n]*\n?$/.test(value) && isLiteral(`${value}\n`);
    if (folded || isLiteral(value) || (form === 'literal' && isLiteral(`${value}\n`))) {
      return block(value, folded ? '>' : '|', columns.literal);
    }
  }
  const quoted = form === "'" || form === '"' ? form : undefined;
  return { head: renderFlow(value, style, false, quoted), lines: [], isCollection: false };
}

export function mapLines(map: YamlMap, column: number, style: RenderStyle): readonly string[] {
  return Object.entries(map).flatMap(([key, value]) => entryLines(key, value, column, style));
}

/** One entry of a map; of a sequence, with the key left out. */
export function entryLines(key: string, value: YamlValue, column: number, style: RenderStyle): readonly string[] {
  const { head, lines } = renderBlock(value, columnsBelow(value, column, style), style);
  return [`${' '.repeat(column)}${renderKey(key, style, false)}:${head && ` ${head}`}`, ...lines];
}

export function itemLines(value: YamlValue, column: number, style: RenderStyle, width = 2): readonly string[] {
  const inside = column + width;
  const { head, lines, isCollection } = renderBlock(value, { collection: inside, literal: inside }, style);
  const dash = `${' '.repeat(column)}-`.padEnd(inside);
  return isCollection ? [dash + lines[0]!.slice(inside), ...lines.slice(1)] : [dash + head, ...lines];
}

/** Where the value of a map's entry goes that gets lines of its own. */
export const columnsBelow = (value: YamlValue, column: number, style: RenderStyle): Columns => ({
  collection: column + (isSequence(value) ? style.sequenceStep : style.mapStep),
  literal: column + style.mapStep,
});

/** In one line, whatever it is. Within a block, only scalars and empty collections are written so. */
export function renderFlow(value: YamlValue, style: RenderStyle, isFlow = true, quoted?: Quote): string {
  if (isSequence(value))
    return wrap(
      '[',
      style.sequencePad,
      value.map((item) => renderFlow(item, style)),
      ']',
    );
  if (!isMap(value)) return renderScalar(value, { isFlow, quoted, quote: style.quote });
  const entries = Object.entries(value).map(([key, entry]) => flowEntry(key, entry, style));
  return wrap('{', style.mapPad, entries, '}');
}

export const flowEntry = (key: string, value: YamlValue, style: RenderStyle): string =>
  `${renderKey(key, style, true)}: ${renderFlow(value, style)}`;

export const commentLines = (comment: string | undefined, column: number): readonly string[] =>
  comment === undefined ? [] : comment.split(/\r?\n/).map((line) => `${' '.repeat(column)}# ${line}`.trimEnd());

const renderKey = (key: string, style: RenderStyle, isFlow: boolean): string =>
  renderScalar(key, { isFlow, quoted: style.keyQuote, quote: style.quote });

function sequenceLines(items: readonly YamlValue[], column: number, style: RenderStyle): readonly string[] {
  return items.flatMap((item) => itemLines(item, column, style));
}

const collection = (lines: readonly string[]): Rendered => ({ head: '', lines, isCollection: true });

function block(value: string, indicator: '|' | '>', column: number): Rendered {
  const lines = value.split('\n');
  const ends = lines.length - lines.findLastIndex((line) => line !== '') - 1;
  if (ends > 0) lines.pop();
  const chomp = ends === 0 ? '-' : ends === 1 ? '' : '+';
  const indented = lines.map((line) => (line === '' ? line : ' '.repeat(column) + line));
  return { head: indicator + chomp, lines: indented, isCollection: false };
}

const wrap = (open: string, pad: string, parts: readonly string[], close: string): string =>
  parts.length === 0 ? open + close : open + pad + parts.join(', ') + pad + close;
