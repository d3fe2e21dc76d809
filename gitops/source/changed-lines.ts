/** Which lines two texts do not have in common, in order. */

/** Indices from 0. */
export interface ChangedLines {
  readonly before: ReadonlySet<number>;
  readonly after: ReadonlySet<number>;
}

/** Longest common subsequence, which is what a diff shows. */
export function changedLines(before: readonly string[], after: readonly string[]): ChangedLines {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let [endBefore, endAfter] = [before.length, after.length];
  while (endBefore > start && endAfter > start && before[endBefore - 1] === after[endAfter - 1]) {
    endBefore--;
    endAfter--;
  }
  const kept = common(before.slice(start, endBefore), after.slice(start, endAfter));
  const gone = (from: number, end: number, stays: ReadonlySet<number>): ReadonlySet<number> =>
    new Set(Array.from({ length: end - from }, (_, index) => from + index).filter((line) => !stays.has(line - from)));
  return { before: gone(start, endBefore, kept.before), after: gone(start, endAfter, kept.after) };
}

/** Beyond this many cells a table costs more than it tells: such texts share nearly nothing in order. */
const tableAtMost = 4_000_000;

function common(before: readonly string[], after: readonly string[]): { before: Set<number>; after: Set<number> } {
  const kept = { before: new Set<number>(), after: new Set<number>() };
  const width = after.length + 1;
  if ((before.length + 1) * width > tableAtMost) return kept;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let b = before.length - 1; b >= 0; b--)
    for (let a = after.length - 1; a >= 0; a--)
      lengths[b * width + a] =
        before[b] === after[a]
          ? lengths[(b + 1) * width + a + 1]! + 1
          : Math.max(lengths[(b + 1) * width + a]!, lengths[b * width + a + 1]!);
  for (let b = 0, a = 0; b < before.length && a < after.length;) {
    if (before[b] === after[a]) {
      kept.before.add(b++);
      kept.after.add(a++);
    } else if (lengths[(b + 1) * width + a]! >= lengths[b * width + a + 1]!) b++;
    else a++;
  }
  return kept;
}
