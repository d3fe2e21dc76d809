/** Whole documents added to a text or taken from it. */
import type { DocumentEdit, InsertDocumentEdit, RemoveDocumentEdit, YamlEdit, YamlValue } from '../yaml-edit.js';
import { isSame, toData } from './data.js';
import { detectStyle } from './detect-style.js';
import { lineBreak } from './lines.js';
import { type RenderStyle, renderBlock } from './render-value.js';
import type { SourceDocument, SourceText } from './source-text.js';
import type { Splice } from './splice.js';
import { type Made, spliceTo } from './verify.js';

export const isDocumentEdit = (edit: YamlEdit): edit is DocumentEdit =>
  edit.op === 'insertDocument' || edit.op === 'removeDocument';

export function makeDocumentEdit(source: SourceText, edit: DocumentEdit): Made {
  return edit.op === 'insertDocument' ? insertDocument(source, edit) : removeDocument(source, edit);
}

function insertDocument(source: SourceText, { document, value }: InsertDocumentEdit): Made {
  const { documents } = source;
  const data = documents.map((other) => other.data);
  const added = toData(value);
  if (data.some((other) => isSame(other, added))) return { source };
  const index = document === 'end' ? data.length : document;
  const next = documents[index];
  if (!next && index !== data.length) return { reason: `there is no document ${index} to insert one before` };
  if (next?.directives !== undefined) return { reason: `document ${index} has directives; insert another after it` };

  const goals = data.toSpliced(index, 0, added);
  for (const literals of [true, false]) {
    const lines = documentLines(source, value, literals);
    const splice = next ? spliceBefore(source.text, next, index, lines) : spliceAtEnd(source, lines);
    const made = spliceTo(source, splice, goals);
    if (made) return { source: made };
  }
  return { reason: 'the new document would not read back as asked' };
}

function removeDocument(source: SourceText, { document, value }: RemoveDocumentEdit): Made {
  const { text, documents } = source;
  const found = documents[document];
  if (!found || (value !== undefined && !isSame(found.data, toData(value)))) return { source };
  const next = documents[document + 1];
  const end = next ? startOf(next) : text.length;
  let start = startOf(found);
  // A file whose last line has no break keeps it so.
  if (!next && !text.endsWith('\n')) start -= /\r?\n?$/.exec(text.slice(0, start))![0].length;
  const goals = documents.map(({ data }) => data).toSpliced(document, 1);
  const made = spliceTo(source, { start, end, text: '' }, goals);
  return made ? { source: made } : { reason: `document ${document} cannot be removed with the others unchanged` };
}

function documentLines(source: SourceText, value: YamlValue, literals: boolean): readonly string[] {
  const [first] = source.documents;
  const style: RenderStyle = first
    ? { ...detectStyle(source, first, []), literals }
    : { mapStep: 2, sequenceStep: 2, quote: '"', keyQuote: undefined, mapPad: ' ', sequencePad: '', literals };
  const { head, lines, isCollection } = renderBlock(value, { collection: 0, literal: 2 }, style);
  return isCollection ? lines : [head, ...lines];
}

/** Below everything; the first document of a text needs no marker. */
function spliceAtEnd({ text, documents }: SourceText, lines: readonly string[]): Splice {
  const newline = lineBreak(text, text.length);
  const all = documents.length === 0 ? lines : ['---', ...lines];
  const isEmpty = text === '' || text === '\ufeff';
  const isOpen = !isEmpty && !text.endsWith('\n');
  const added = isOpen ? newline + all.join(newline) : all.join(newline) + newline;
  return { start: text.length, end: text.length, text: added };
}

function spliceBefore(text: string, next: SourceDocument, index: number, lines: readonly string[]): Splice {
  const newline = lineBreak(text, 0);
  const hasMarker = next.token.start.some(({ type }) => type === 'doc-start');
  // Comments above the first document stay the file's header if a marker comes after them.
  const start = hasMarker || index > 0 ? startOf(next) : text.startsWith('\ufeff') ? 1 : 0;
  const all = ['---', ...lines, ...(hasMarker ? [] : ['---'])];
  return { start, end: start, text: all.map((line) => line + newline).join('') };
}

/** Its directives, its marker, or its first byte. */
function startOf({ token, directives }: SourceDocument): number {
  return directives ?? token.offset;
}
