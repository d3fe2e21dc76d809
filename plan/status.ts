/** What a rollout looks like right now: the data behind `status`, the Temporal UI's current details and the example's last words. */
import type { Question } from './question.js';
import type { Checkpoint, ManualTask } from './rollout.js';
import type { Verdict, VerdictStatus } from '../gates/verdict.js';

export interface VerdictLine {
  readonly id: string;
  readonly title: string;
  readonly status: VerdictStatus;
  readonly why: string;
  /** It passed, but only because it was as broken before, or because a person let it through. */
  readonly note?: 'brokenBefore' | 'overridden';
}

/** Verdicts without their excerpts: small enough for a signal. */
export function verdictLines(verdicts: readonly Verdict[]): readonly VerdictLine[] {
  return verdicts.map(({ id, title, status, why, note }) => ({
    id,
    title,
    status,
    why,
    ...((note === 'brokenBefore' || note === 'overridden') && { note }),
  }));
}

/** What a task, join point or landing reports to its phase: a bounded number of times each. */
export interface NodeReport {
  /** `task 1.1`, `join point 1`, `landing 1`. */
  readonly node: string;
  readonly workflowId: string;
  /** A few words: `attempt 2`, `soaking until …`, `waits for the lock`. */
  readonly status: string;
  readonly questions: readonly Question[];
  readonly verdicts?: readonly VerdictLine[];
  /** Milliseconds since the epoch, where the node waits for a time. */
  readonly until?: number;
  /** Tasks of it that are on the target. */
  readonly landed?: readonly string[];
}

/** The last five: what an abort or a rollback left of a task whose phase it closed over. */
export type TaskStatus =
  | 'waiting'
  | 'working'
  | 'ready'
  | 'landed'
  | 'skipped'
  | 'notDone'
  | 'stopped'
  | 'notLanded'
  | 'undone'
  | 'stillThere';

export interface TaskLine {
  readonly id: string;
  readonly title: string;
  readonly agent: string;
  readonly status: TaskStatus;
  readonly detail: string;
  readonly branch?: string;
}

export type PhaseStatus = 'planned' | 'running' | 'waiting' | 'held' | 'done' | 'skipped' | 'undone';

/** A phase as its own workflow tells it. */
export interface PhaseView {
  readonly id: string;
  readonly title: string;
  readonly workflowId: string;
  readonly joinPoint: string;
  readonly tasks: readonly TaskLine[];
  readonly reports: readonly NodeReport[];
  readonly questions: readonly AddressedQuestion[];
}

/** A question and the workflow that takes its answer. */
export interface AddressedQuestion extends Question {
  readonly workflowId: string;
}

export interface PhaseLine {
  readonly id: string;
  readonly title: string;
  readonly weeks: readonly number[];
  readonly status: PhaseStatus;
  readonly detail: string;
  readonly joinPoint: string;
  readonly taskCount: number;
  readonly checkpoint?: Checkpoint;
  /** By task, where it was closed over: what was taken off the target again, and what is still there. */
  readonly left?: { readonly undone: readonly string[]; readonly standing: readonly string[] };
}

export type RolloutOutcome = 'done' | 'aborted';

/** Who paused a rollout, when (milliseconds since the epoch), and why, if they said. */
export interface Pause {
  readonly by: string;
  readonly at: number;
  readonly why?: string;
}

export interface RolloutView {
  readonly name: string;
  readonly uid: string;
  readonly title: string;
  readonly repo: string;
  readonly branch: string;
  readonly status: 'running' | 'paused' | 'held' | 'aborting' | 'rollingBack' | RolloutOutcome;
  readonly startedAt: number;
  readonly phases: readonly PhaseLine[];
  readonly openPhase?: string;
  readonly questions: readonly AddressedQuestion[];
  readonly reports: readonly NodeReport[];
  readonly manualTasks: readonly ManualTask[];
  /** A line for each note that the plan's reader should know: skips, overrides, compensations that failed. */
  readonly notes: readonly string[];
  readonly soakAtMostMs?: number;
  readonly pause?: Pause;
}
