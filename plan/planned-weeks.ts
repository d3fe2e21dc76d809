/** A phase's planned weeks: shown, late ones too, never enforced. Pure. */
import { durationText } from './duration.js';
import type { PhaseLine } from './status.js';

const weekMs = 7 * 86_400_000;

/** `week 3`, `weeks 2-3`; nothing for a phase without a date. */
export function weeksText(weeks: readonly number[]): string {
  if (weeks.length === 0) return '';
  const [first, last] = [Math.min(...weeks), Math.max(...weeks)];
  return first === last ? `week ${first}` : `weeks ${first}-${last}`;
}

/** How long an unfinished phase is past the end of its last planned week, counted from the rollout's start. */
export function lateText(
  { weeks, status }: Pick<PhaseLine, 'weeks' | 'status'>,
  startedAt: number,
  now: number,
): string {
  if (weeks.length === 0 || status === 'done' || status === 'skipped') return '';
  const lateMs = now - (startedAt + Math.max(...weeks) * weekMs);
  return lateMs > 0 ? `late by ${durationText(lateMs)}` : '';
}
