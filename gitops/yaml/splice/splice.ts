/** One change of a text: bytes that go, and the text that stands there instead. */

export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function applySplice(text: string, splice: Splice): string {
  return text.slice(0, splice.start) + splice.text + text.slice(splice.end);
}

/** Whole lines at the beginning of a line, or below a last line that has no break. */
export function insertLines(text: string, at: number, lines: readonly string[], newline: string): Splice {
  const isAtLineStart = at === 0 || text[at - 1] === '\n' || (at === 1 && text.startsWith('\ufeff'));
  const inserted = lines.map((line) => (isAtLineStart ? line + newline : newline + line)).join('');
  return { start: at, end: at, text: inserted };
}
