/** What the join points of a phase remember for its checkpoint, also those that landed nothing. */
import type { Answer, Tick } from '../plan/question.js';

export interface Minutes {
  readonly approvals: readonly { readonly what: string; readonly answer: Answer }[];
  readonly ticks: readonly Tick[];
  /** A line for whatever a reader should know years later: re-folds, overlaps, overrides, undos. */
  readonly history: readonly string[];
}

export const noMinutes: Minutes = { approvals: [], ticks: [], history: [] };

/** Both, the earlier first. */
export function joinMinutes(before: Minutes, after: Minutes): Minutes {
  return {
    approvals: [...before.approvals, ...after.approvals],
    ticks: [...before.ticks, ...after.ticks],
    history: [...before.history, ...after.history],
  };
}
