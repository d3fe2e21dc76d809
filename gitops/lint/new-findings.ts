/** What a change brings: the findings after it that were not there before, wherever their lines moved. */
import type { Finding } from './finding.js';

/** What stays of a finding when lines move and files are renamed. */
export function stableKey({ rule, subject, key, message }: Finding): string {
  return [rule, subject, key ?? withoutPositions(message)].join('\n');
}

function withoutPositions(message: string): string {
  return message.replaceAll(/\blines? \d+(?:(?:, | and )\d+)*/g, 'line').replaceAll(/:\d+(?::\d+)?\b/g, '');
}

/** Of several alike, as many as there are more than before; those that stand where one stood before count as the old ones. */
export function newFindings(before: readonly Finding[], after: readonly Finding[]): readonly Finding[] {
  const old = byStableKey(before);
  return [...byStableKey(after)].flatMap(([key, findings]) => {
    const known = old.get(key) ?? [];
    const places = new Set(known.map(placeText));
    const newPlacesFirst = findings.toSorted(
      (a, b) => Number(places.has(placeText(a))) - Number(places.has(placeText(b))),
    );
    return newPlacesFirst.slice(0, Math.max(0, findings.length - known.length));
  });
}

function byStableKey(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = stableKey(finding);
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return groups;
}

function placeText({ file, line }: Finding): string {
  return `${file}:${line}`;
}
