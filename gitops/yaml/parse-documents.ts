/**
 * Parses a text into documents, and refuses one that is nested too deeply before anything recurses into it: at the end
 * of its stack the engine may not throw but end the process (a regular expression that is compiled just there).
 */
import { Composer, type CST, type Document, Parser } from 'yaml';

/** No manifest comes near it; composing it takes a fraction of the stack, and so does all that looks at the result. */
export const levelsAtMost = 300;

/** @throws RangeError for one that is nested deeper. */
export function parseDocuments(text: string): readonly Document.Parsed[] {
  const tokens = [...new Parser().parse(text)];
  if (mayBeDeep(text) && tokens.some(isTooDeep)) throw new RangeError(`more than ${levelsAtMost} levels`);
  return [...new Composer({ merge: true, prettyErrors: false, logLevel: 'silent' }).compose(tokens)];
}

/** A look that makes nothing: each level takes a bracket, or a sign and a blank of its line. */
function mayBeDeep(text: string): boolean {
  let brackets = 0;
  let indents = 0;
  let deepestLine = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === newline) indents = 0;
    else if (code === squareBracket || code === curlyBracket) brackets++;
    else if (code === space || code === dash || code === questionMark || code === colon) {
      indents++;
      if (indents > deepestLine) deepestLine = indents;
    }
  }
  return brackets + deepestLine > levelsAtMost;
}

const codeOf = (sign: string): number => sign.charCodeAt(0);
const newline = codeOf('\n');
const space = codeOf(' ');
const dash = codeOf('-');
const questionMark = codeOf('?');
const colon = codeOf(':');
const squareBracket = codeOf('[');
const curlyBracket = codeOf('{');

function isTooDeep(document: CST.Token): boolean {
  if (document.type !== 'document' || !document.value) return false;
  const open: { readonly token: CST.Token; readonly level: number }[] = [{ token: document.value, level: 1 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, level } = next;
    if (level > levelsAtMost) return true;
    if (!('items' in token)) continue;
    for (const { key, value } of token.items) {
      if (key) open.push({ token: key, level: level + 1 });
      if (value) open.push({ token: value, level: level + 1 });
    }
  }
  return false;
}
