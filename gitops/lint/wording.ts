/** Words of messages: lists and counts as a sentence has them. */

/** `a`, `a and b`, `a, b and c`; of more than `most`, the first few and how many others. */
export function listed(items: readonly string[], { and = 'and', most = 4 } = {}): string {
  if (items.length > most) return `${items.slice(0, most - 1).join(', ')} ${and} ${items.length - most + 1} others`;
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} ${and} ${items.at(-1)}`;
}

/** `1 Kustomization`, `2 Kustomizations`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
