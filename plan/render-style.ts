/** How a screen marks what matters: in colours on a terminal, not at all elsewhere. Pure. */

export interface Style {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly busy: (text: string) => string;
  readonly asks: (text: string) => string;
}

const same = (text: string): string => text;

export const plainStyle: Style = { strong: same, faint: same, good: same, bad: same, busy: same, asks: same };

const ansi =
  (code: number) =>
  (text: string): string =>
    text === '' ? '' : `\u001B[${code}m${text}\u001B[0m`;

export const colourStyle: Style = {
  strong: ansi(1),
  faint: ansi(2),
  good: ansi(32),
  bad: ansi(31),
  busy: ansi(36),
  asks: ansi(33),
};

/** The widest line that a screen writes. */
export const screenWidth = 100;

/** At most `width` characters, the last of them an ellipsis where something was cut off. */
export function cut(text: string, width: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1)).trimEnd()}…`;
}

/** Breaks text between words into lines of at most `width`; a longer word gets a line of its own. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return line ? [...lines, line] : lines;
}

/** `2026-11-26 11:00 UTC`: the same for everybody who reads it. */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
