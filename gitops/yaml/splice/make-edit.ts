/** One edit of a text, made and proved, or the reason why not. */
import type { EntryEdit, YamlEdit } from '../yaml-edit.js';
import type { YamlPath } from '../yaml-file.js';
import { ambiguousStep, isSame, lookUp, toData } from './data.js';
import { explainMismatch, explainObstacle } from './explain.js';
import { goalOf } from './goal.js';
import { isDocumentEdit, makeDocumentEdit } from './make-document-edit.js';
import { narrowSet } from './narrow-set.js';
import { type Obstacle, pathText, planEdit, type Way } from './plan-edit.js';
import type { SourceDocument, SourceText } from './source-text.js';
import type { Splice } from './splice.js';
import { type Made, spliceTo } from './verify.js';
import { walk } from './walk.js';

/** The most readable first. */
const ways: readonly Way[] = [
  { intoMerges: true, literals: true },
  { intoMerges: true, literals: false },
  { intoMerges: false, literals: true },
  { intoMerges: false, literals: false },
];

export function makeEdit(source: SourceText, edit: YamlEdit): Made {
  try {
    return isDocumentEdit(edit) ? makeDocumentEdit(source, edit) : makeEntryEdit(source, edit);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { reason: 'is nested too deeply' };
  }
}

function makeEntryEdit(source: SourceText, edit: EntryEdit): Made {
  const document = source.documents[edit.document];
  if (!document) return { reason: `there is no document ${edit.document}; the text has ${source.documents.length}` };
  const why = (reason: string): Made => ({ reason: `${pathText(edit.path)}: ${reason}` });
  const twofold = ambiguousStep(document.data, fullPath(edit));
  if (twofold !== undefined) return why(`two keys read ${twofold}, once as a number; rename one of them`);
  const goal = goalOf(document.data, edit);
  if (goal.kind === 'reached') return { source };
  if (goal.kind === 'blocked') {
    const plan = planEdit(source, document, edit, ways[0]!);
    return why('obstacle' in plan ? explainObstacle(source, document, plan.obstacle) : 'is no place for that');
  }
  if (isThere(document, edit)) return why(`has the key ${(edit as { key: string }).key} with another value; set it`);
  if (isHidden(document, edit)) return why('is written in a way that cannot be edited');

  return narrowed(source, document, edit) ?? spliced(source, document, edit, goal.data, why);
}

function spliced(
  source: SourceText,
  document: SourceDocument,
  edit: EntryEdit,
  goal: unknown,
  why: (reason: string) => Made,
): Made {
  const goals = source.documents.map(({ data }, index) => (index === edit.document ? goal : data));
  const tried: Splice[] = [];
  let obstacle: Obstacle | undefined;
  for (const way of ways) {
    const plan = planEdit(source, document, edit, way);
    if ('obstacle' in plan) {
      obstacle ??= plan.obstacle;
      continue;
    }
    for (const splice of plan.splices) {
      if (tried.some((other) => isSplice(other, splice))) continue;
      tried.push(splice);
      const made = spliceTo(source, splice, goals);
      if (made) return { source: made };
    }
  }
  if (tried.length === 0) return why(explainObstacle(source, document, obstacle!));
  return why(explainMismatch(source, document, edit));
}

/** A collection in place of a collection: only what differs is edited, if each of these edits can be made. */
function narrowed(source: SourceText, document: SourceDocument, edit: EntryEdit): Made | undefined {
  if (edit.op !== 'set') return undefined;
  const edits = narrowSet(document, edit);
  if (!edits) return undefined;
  let made: Made = { source };
  for (const part of edits) {
    made = makeEntryEdit(made.source, part);
    if ('reason' in made) return undefined;
  }
  const found = lookUp(made.source.documents[edit.document]!.data, edit.path);
  return found && isSame(found.value, toData(edit.value)) ? made : undefined;
}

/** With the key of an entry that is to be inserted. */
const fullPath = (edit: EntryEdit): YamlPath =>
  edit.op === 'insert' && edit.key !== undefined ? [...edit.path, edit.key] : edit.path;

/** Has the map its own entry for a key that is to be inserted? */
function isThere(document: SourceDocument, edit: EntryEdit): boolean {
  if (edit.op !== 'insert' || edit.key === undefined) return false;
  return walk(document, fullPath(edit)).rest.length === 0;
}

/** Is something in effect at the path that no node says, such as a key that is an alias? */
function isHidden(document: SourceDocument, { path }: EntryEdit): boolean {
  const { rest, elsewhere } = walk(document, path);
  if (rest.length === 0 || elsewhere) return false;
  return lookUp(document.data, path.slice(0, path.length - rest.length + 1)) !== undefined;
}

const isSplice = (one: Splice, other: Splice): boolean =>
  one.start === other.start && one.end === other.end && one.text === other.text;
