/** Lines around an offset of a text, seen as an editor sees them: `\n` and `\r\n` end one, a byte order mark is in none. */

export function lineStart(text: string, offset: number): number {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  return start === 0 && offset > 0 && text.startsWith('\ufeff') ? 1 : start;
}

/** Where the line's break begins, or the text ends. */
export function lineEnd(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  if (feed === -1) return text.length;
  return feed > offset && text[feed - 1] === '\r' ? feed - 1 : feed;
}

/** The line after content that ends at the offset; a block scalar's content ends with its own line break. */
export function lineAfter(text: string, contentEnd: number): number {
  if (text[contentEnd - 1] === '\n') return contentEnd;
  return nextLine(text, contentEnd);
}

/** The beginning of the line below the offset's; the end of the text where there is none. */
export function nextLine(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  return feed === -1 ? text.length : feed + 1;
}

/** Where the last line of content that ends at the offset ends itself, without its break. */
export function lastLineEnd(text: string, contentEnd: number): number {
  if (text[contentEnd - 1] !== '\n') return lineEnd(text, contentEnd);
  return text[contentEnd - 2] === '\r' ? contentEnd - 2 : contentEnd - 1;
}

export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Is there nothing but white space before it on its line? */
export function isFirstOnLine(text: string, offset: number): boolean {
  return isBlank(text.slice(lineStart(text, offset), offset));
}

export function isBlank(text: string): boolean {
  return /^[ \t\r\n]*$/.test(text);
}

/** The line break used around an offset. */
export function lineBreak(text: string, offset: number): '\n' | '\r\n' {
  let feed = text.indexOf('\n', offset);
  if (feed === -1) feed = text.lastIndexOf('\n');
  return feed > 0 && text[feed - 1] === '\r' ? '\r\n' : '\n';
}

/** White space at the beginning of an offset's line. */
export function indentation(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))![0];
}

/** The first of the comment lines that stand right above the offset's line; none of them begins before `bound`. */
export function commentsAbove(text: string, offset: number, bound: number): number {
  let start = lineStart(text, offset);
  while (start > bound) {
    const above = lineStart(text, start - 1);
    if (above < bound || !/^[ \t]*#/.test(text.slice(above, start))) break;
    start = above;
  }
  return start;
}

/** The first of the empty lines that stand right above a line; none of them begins before `bound`. */
export function blanksAbove(text: string, start: number, bound: number): number {
  let first = start;
  while (first > bound) {
    const above = lineStart(text, first - 1);
    if (above < bound || !isBlank(text.slice(above, first))) break;
    first = above;
  }
  return first;
}

/** The line after the empty ones that begin at the beginning of a line. */
export function blanksBelow(text: string, start: number): number {
  let end = start;
  while (end < text.length && isBlank(text.slice(end, nextLine(text, end)))) end = nextLine(text, end);
  return end;
}

/** The end of the last comment line below content that is indented deeper than a column; the content's own end if none. */
export function commentsBelow(text: string, contentEnd: number, column: number): number {
  let end = contentEnd;
  for (let at = lineAfter(text, contentEnd); at < text.length; at = nextLine(text, at)) {
    const line = text.slice(at, lineEnd(text, at));
    const [, indent, rest] = /^([ \t]*)(.*)$/s.exec(line)!;
    if (rest === '') continue;
    if (!rest!.startsWith('#') || indent!.length <= column) break;
    end = lineEnd(text, at);
  }
  return end;
}
