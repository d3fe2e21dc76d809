/** Another value in a slot: its line keeps what stands before and behind, and only the old value's own lines go. */
import type { CST } from 'yaml';
import type { YamlValue } from '../yaml-edit.js';
import { endOfToken, headerEnd } from './entries.js';
import { columnOf, commentsBelow, isBlank, lastLineEnd, lineBreak, lineEnd, lineStart } from './lines.js';
import {
  type Columns,
  columnsBelow,
  commentLines,
  isSequence,
  renderBlock,
  type Rendered,
  renderFlow,
  type RenderStyle,
  type ScalarForm,
} from './render-value.js';
import type { Content, Slot } from './slot.js';
import type { Splice } from './splice.js';

/** With a comment above the first entry of a new collection; undefined where there is no line for that. */
export function replaceValue(
  text: string,
  slot: Slot,
  value: YamlValue,
  style: RenderStyle,
  comment?: string,
): Splice | undefined {
  if (slot.isFlow) return comment === undefined ? replaceInFlow(slot, value, style) : undefined;
  const { content } = slot;
  const render: Render = (columns, form) => {
    const rendered = renderBlock(value, columns, style, form);
    if (!rendered.isCollection) return rendered;
    return { ...rendered, lines: [...commentLines(comment, columns.collection), ...rendered.lines] };
  };
  if (!content) return fillEmpty(text, slot, columnsOf(slot, value, style), render);
  if (!isBlockCollection(content)) return replaceScalar(text, slot, content, columnsOf(slot, value, style), render);
  const isSameKind = isSequence(value) === (content.token.type === 'block-seq');
  return replaceCollection(text, slot, content, columnsOf(slot, value, style), isSameKind, render);
}

/** A replacement that takes the value's tag away too, for a value that is not of the tag's type. */
export function withoutTag(text: string, { tag }: Slot, splice: Splice): Splice {
  if (!tag) return splice;
  const [space] = /[ \t]*$/.exec(text.slice(0, tag.offset))!;
  const rest = (text.slice(endOfToken(tag), splice.start) + splice.text).replace(/^[ \t]+/, '');
  return { start: tag.offset - space.length, end: splice.end, text: (/^[\r\n]|^$/.test(rest) ? '' : space) + rest };
}

type Render = (columns: Columns, form?: ScalarForm) => Rendered;

function replaceInFlow({ of, after, content }: Slot, value: YamlValue, style: RenderStyle): Splice {
  const quoted = content && quoteOf(content.token);
  const rendered = renderFlow(value, style, true, isScalar(value) ? quoted : undefined);
  if (content) return { start: content.start, end: content.end, text: rendered };
  return { start: after, end: after, text: `${of === 'bare' ? ':' : ''} ${rendered}` };
}

/** Nothing was written: `key:`, perhaps with a comment behind it or below. */
function fillEmpty(text: string, slot: Slot, columns: Columns, render: Render): Splice {
  const { after, column } = slot;
  const end = lineEnd(text, after);
  const tail = text.slice(after, end);
  const rendered = render(columns);
  const [head, lines] = withHead(rendered);
  if (slot.of === 'bare') return spliceLines(text, after, end, tail, [`${' '.repeat(column)}: ${head}`, ...lines]);
  if (!rendered.isCollection) return spliceLines(text, after, end, ` ${head}${tail}`, lines);
  if (isBehindIndicator(slot) && isBlank(tail)) return spliceLines(text, after, end, ` ${head}`, lines);
  return spliceLines(text, after, end, tail, rendered.lines);
}

function replaceCollection(
  text: string,
  slot: Slot,
  old: Content,
  columns: Columns,
  isSameKind: boolean,
  render: Render,
): Splice {
  const end = lastLineEnd(text, commentsBelow(text, old.end, Math.max(slot.column, 0)));
  const place = columnOf(text, old.start);
  if (!isBelow(text, slot, old) || slot.of === 'document') {
    return spliceLines(text, old.start, end, ...withHead(render({ ...columns, collection: place })));
  }
  const rendered = render(isSameKind ? { ...columns, collection: place } : columns);
  if (rendered.isCollection) {
    const [first, ...rest] = rendered.lines;
    return spliceLines(text, lineStart(text, old.start), end, first!, rest);
  }
  const tail = text.slice(slot.after, lineEnd(text, slot.after));
  return spliceLines(text, slot.after, end, ` ${rendered.head}${tail}`, rendered.lines);
}

/** Of a scalar, an alias, or a flow collection. */
function replaceScalar(text: string, slot: Slot, old: Content, columns: Columns, render: Render): Splice {
  const block = old.token.type === 'block-scalar' ? old.token : undefined;
  const inlineEnd = block ? endOfToken(block.props[0] as CST.SourceToken) : old.end;
  const lineEnds = lineEnd(text, inlineEnd);
  const end = block ? Math.max(lineEnds, lastLineEnd(text, old.end)) : lineEnds;
  const tail = text.slice(inlineEnd, lineEnds);

  const mayShareLine = isBehindIndicator(slot) || isBareRoot(slot) || isBelow(text, slot, old);
  const literal = (block && columnOfText(text, block)) ?? columns.literal;
  const collection = mayShareLine ? columnOf(text, old.start) : columns.collection;
  const rendered = render({ collection, literal }, formOf(old.token));
  if (!rendered.isCollection) return spliceLines(text, old.start, end, rendered.head + tail, rendered.lines);
  if (mayShareLine)
    return spliceLines(text, old.start, end, ...withHead({ ...rendered, lines: behind(rendered.lines, tail) }));
  return spliceLines(text, slot.after, end, isBlank(tail) ? '' : tail, rendered.lines);
}

/** May a block collection begin on the line of what it is the value of? */
const isBehindIndicator = ({ of, hasProps }: Slot): boolean => (of === 'item' || of === 'explicit') && !hasProps;

/** Does a value begin on a later line than what it is the value of? */
const isBelow = (text: string, { after }: Slot, { start }: Content): boolean => text.slice(after, start).includes('\n');

/** The document's own content, with no marker before it. */
const isBareRoot = ({ of, after, content }: Slot): boolean => of === 'document' && after === content?.start;

/** The first line goes where the value began; it has its indentation there already. */
function withHead({ head, lines, isCollection }: Rendered): [head: string, lines: readonly string[]] {
  return isCollection ? [lines[0]!.trimStart(), lines.slice(1)] : [head, lines];
}

/** What stood behind the old value comes behind the first entry, which may have a comment above it. */
function behind(lines: readonly string[], tail: string): readonly string[] {
  const first = lines.findIndex((line) => !line.trimStart().startsWith('#'));
  return isBlank(tail) ? lines : lines.with(first, lines[first]! + tail);
}

function spliceLines(text: string, start: number, end: number, head: string, lines: readonly string[]): Splice {
  const newline = lineBreak(text, end);
  return { start, end, text: [head, ...lines].join(newline) };
}

function columnsOf({ of, column }: Slot, value: YamlValue, style: RenderStyle): Columns {
  if (of === 'document') return { collection: 0, literal: 2 };
  if (of === 'key') return columnsBelow(value, column, style);
  return { collection: column + 2, literal: column + 2 };
}

function formOf(token: CST.Token): ScalarForm {
  if (token.type !== 'block-scalar') return quoteOf(token);
  return (token.props[0] as CST.SourceToken).source.startsWith('>') ? 'folded' : 'literal';
}

function quoteOf(token: CST.Token) {
  if (token.type === 'single-quoted-scalar') return "'";
  return token.type === 'double-quoted-scalar' ? '"' : undefined;
}

/** The column of a block scalar's text. */
function columnOfText(text: string, token: CST.BlockScalar): number | undefined {
  const body = text.slice(headerEnd(token), headerEnd(token) + token.source.length);
  const line = /^( +)\S/m.exec(body);
  return line ? line[1]!.length : undefined;
}

const isBlockCollection = ({ token }: Content): boolean => token.type === 'block-map' || token.type === 'block-seq';

const isScalar = (value: YamlValue): boolean => typeof value !== 'object' || value === null;
