/**
 * Lossless edits of YAML: only the bytes of what an edit asks for are spliced, and the text is read back before it is
 * given out. A wrong edit is never given out: what cannot be made exactly as asked is refused, with the reason.
 */
import { LineIndex } from './line-index.js';
import { makeEdit } from './splice/make-edit.js';
import { isProblem, readSource, type SourceText } from './splice/source-text.js';
import { walk } from './splice/walk.js';
import type { YamlEdit, YamlEditResult } from './yaml-edit.js';

/** Idempotent: an edit that is made already leaves the text as it is, to the byte. Never throws. */
export function editYaml(text: string, edits: readonly YamlEdit[]): YamlEditResult {
  const [first] = edits;
  if (!first) return { status: 'edited', text };
  const given = readSource(text);
  if (isProblem(given)) return refused(text, first, `the text ${given.message}; repair it first`, given.offset);
  let source = given;
  for (const edit of edits) {
    const made = makeEdit(source, edit);
    if ('reason' in made) return refused(text, edit, made.reason, nearestOffset(given, edit));
    source = made.source;
  }
  return { status: 'edited', text: source.text };
}

function refused(text: string, edit: YamlEdit, reason: string, offset: number): YamlEditResult {
  return { status: 'refused', edit, reason, position: new LineIndex(text).position(offset) };
}

/** Where the deepest part of an edit's path stands. */
function nearestOffset({ text, documents }: SourceText, edit: YamlEdit): number {
  const document = edit.document === 'end' ? undefined : documents[edit.document];
  if (!document) return text.length;
  const { levels } = walk(document, 'path' in edit ? edit.path : []);
  const level = levels.at(-1);
  return level ? level.entries[level.index]!.head : (document.parsed.contents?.range[0] ?? document.token.offset);
}
