/** The name that was probably meant. */

/** The known name that is fewest changes away, within a third of its length. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Math.floor(name.length / 3) + 1;
  for (const one of known) {
    const changes = distance(name, one);
    if (changes >= fewest) continue;
    best = one;
    fewest = changes;
  }
  return best;
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let index = 0; index < a.length; index++) {
    const next = [index + 1];
    for (let column = 1; column <= b.length; column++)
      next.push(
        Math.min(next[column - 1]! + 1, row[column]! + 1, row[column - 1]! + (a[index] === b[column - 1] ? 0 : 1)),
      );
    row = next;
  }
  return row[b.length]!;
}
