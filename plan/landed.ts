/** Which landings stand: sets of compensations, each known by the landing that it undoes. Pure. */
import type { Compensation } from './rollout.js';

type Landing = Pick<Compensation, 'task' | 'stage' | 'n'>;

/** What an undo came to. */
export interface Undone {
  /** Off the target. */
  readonly undone: readonly Compensation[];
  /** Still on it: left to a person, or the undo was skipped. */
  readonly standing: readonly Compensation[];
}

export function sameLanding(one: Landing, other: Landing): boolean {
  return one.task === other.task && one.stage === other.stage && one.n === other.n;
}

/** Those of `landings` that are in `others`. */
export function among<T extends Landing>(landings: readonly T[], others: readonly Landing[]): readonly T[] {
  return landings.filter((one) => others.some((other) => sameLanding(one, other)));
}

/** Those of `landings` that are not in `others`. */
export function without<T extends Landing>(landings: readonly T[], others: readonly Landing[]): readonly T[] {
  return landings.filter((one) => !others.some((other) => sameLanding(one, other)));
}

/** Each task once. */
export function tasksOf(landings: readonly Landing[]): readonly string[] {
  return [...new Set(landings.map(({ task }) => task))];
}

/** What stands of `landed` after an undo, whether it was of all of it or of a landing that failed. */
export function afterUndo(landed: readonly Compensation[], { undone, standing }: Undone): readonly Compensation[] {
  return [...without(landed, [...undone, ...standing]), ...standing];
}

/** To be put behind what was undone; empty where nothing stands. */
export function stillThere(standing: readonly Landing[]): string {
  return standing.length > 0 ? `; still on the target: ${tasksOf(standing).join(', ')}` : '';
}
