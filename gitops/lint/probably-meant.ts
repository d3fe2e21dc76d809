/** Which object a reference meant that leads nowhere: the same name in another namespace, or the nearest name. */
import { nearest } from './nearest.js';

export interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Objects of that name, wherever they are; else one whose name is of the same words or nearly spelt so; else none. */
export function probablyMeant<Known extends Named>(wanted: Named, known: readonly Known[]): readonly Known[] {
  if (wanted.name.length > longestName) return [];
  const sameName = known.filter(({ name }) => name === wanted.name);
  if (sameName.length > 0) return sameName;
  const byWords = known
    .map((one) => ({ one, score: sharedWords(wanted.name, one.name), isNear: one.namespace === wanted.namespace }))
    .filter(({ score }) => score > half)
    .sort((a, b) => b.score - a.score || Number(b.isNear) - Number(a.isNear))[0]?.one;
  if (byWords) return [byWords];
  const spelling = nearest(
    wanted.name,
    known.map(({ name }) => name),
  );
  return known.filter(({ name }) => name === spelling).slice(0, 1);
}

/** The same of what has no namespace: variables of a substitution. */
export function probablyMeantName(wanted: string, known: readonly string[]): string | undefined {
  const inNone = (name: string): Named => ({ namespace: '', name });
  return probablyMeant(inNone(wanted), known.map(inNone))[0]?.name;
}

const half = 0.5;
/** Of an object in Kubernetes: what is longer was never meant to be one. */
const longestName = 253;

/** The part of both names' words that they have in common, in any order: 0 to 1. */
function sharedWords(a: string, b: string): number {
  const [wordsOfA, wordsOfB] = [a.split(/[-_]/), b.split(/[-_]/)];
  return (2 * wordsOfA.filter((word) => wordsOfB.includes(word)).length) / (wordsOfA.length + wordsOfB.length);
}

/** How a message goes on: `; did you mean namespace storage`, `; the nearest name is cert-manager/cert-manager`. */
export function didYouMean(wanted: Named, meant: readonly Named[]): string {
  const [first] = meant;
  if (!first) return '';
  if (first.name !== wanted.name) return `; the nearest name is ${namespaced(first)}`;
  const namespaces = [...new Set(meant.map(({ namespace }) => namespace))].sort();
  return `; did you mean namespace ${new Intl.ListFormat('en', { type: 'disjunction' }).format(namespaces)}`;
}

export function namespaced({ namespace, name }: Named): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}
