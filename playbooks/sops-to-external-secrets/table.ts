/** A table of a page, which remembers the rows of runs before: what it lists may be gone by now. */

export type Row = readonly [string, ...string[]];

/** As Markdown; of rows that are in both, the new one. Two Secrets of one file are told by the second cell. */
export function tableOf(rows: readonly Row[], before: readonly Row[]): string {
  return merged(rows, before)
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '/')).join(' | ')} |`)
    .join('\n');
}

/** Of the first table of a page. */
export function rowsOf(page: string): readonly Row[] {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => line.startsWith('| -'));
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => !line.startsWith('| '));
  return rest.slice(0, end).map((line) => line.slice(2, -2).split(' | ') as unknown as Row);
}

function merged(rows: readonly Row[], before: readonly Row[]): readonly Row[] {
  const keyOf = ([first, second]: Row): string => `${first}\n${second}`;
  const known = new Map([...before, ...rows].map((row) => [keyOf(row), row]));
  return [...known.values()].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
