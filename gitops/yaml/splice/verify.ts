/** Reading a spliced text back: it must say what was asked, and everything else must say what it said before. */
import type { CST } from 'yaml';
import { isSame } from './data.js';
import { contentEnd } from './entries.js';
import { isProblem, readSource, type SourceText } from './source-text.js';
import { applySplice, type Splice } from './splice.js';

/** A text as it reads after an edit, or why the edit cannot be made. */
export type Made = { readonly source: SourceText } | { readonly reason: string };

/** The text with a splice, if its documents read as these data. */
export function spliceTo(source: SourceText, splice: Splice, goals: readonly unknown[]): SourceText | undefined {
  const edited = readAs(applySplice(source.text, splice), goals);
  return edited && endsOpen(edited) && !endsOpen(source) ? readAs(`${edited.text}\n`, goals) : edited;
}

function readAs(text: string, goals: readonly unknown[]): SourceText | undefined {
  const read = readSource(text);
  if (isProblem(read) || read.documents.length !== goals.length) return undefined;
  return read.documents.every(({ data }, index) => isSame(goals[index], data)) ? read : undefined;
}

/** Does it end within a block scalar whose line break is missing? Parsers differ in whether the value has one then. */
function endsOpen({ text, documents }: SourceText): boolean {
  if (text.endsWith('\n')) return false;
  let token: CST.Token | null | undefined = documents.at(-1)?.token.value;
  while (token?.type === 'block-map' || token?.type === 'block-seq') {
    const last: CST.CollectionItem | undefined = token.items.at(-1);
    token = last?.value;
  }
  if (token?.type !== 'block-scalar' || contentEnd(token) < text.length) return false;
  return token.source !== '' && !(token.props[0] as CST.SourceToken).source.includes('-');
}
