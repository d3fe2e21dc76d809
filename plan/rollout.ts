/** The types that carry a rollout between client, workflows and activities: plain, serialisable, small. */
import type { Undo } from './schema.js';

/** What every workflow and activity of a rollout knows about it. */
export interface RolloutRef {
  readonly name: string;
  readonly uid: string;
  readonly title: string;
  /** The target's URL or absolute path. */
  readonly repo: string;
  readonly branch: string;
  /** The target's own id: it names the lock. */
  readonly repoId: string;
  /** The target's head when the rollout started. */
  readonly start: string;
  /** The commit in `refs/joinpoint/<uid>/plan` that holds the plan's revision and its assets. */
  readonly planCommit: string;
  readonly settings: Settings;
}

export interface Settings {
  /** How long a silent activity is believed alive. */
  readonly heartbeatMs: number;
  /** Caps every soak, for examples and tests; absent: the plan's own. Deadlines for people are never shortened. */
  readonly soakAtMostMs?: number;
  /** Tasks that one run of a phase starts before it drains and continues as new: keeps a history under about 4,000 events. */
  readonly tasksPerRun: number;
}

export const defaultSettings: Settings = { heartbeatMs: 30_000, tasksPerRun: 200 };

/** A compensation as the ledger keeps it: how to undo one landing, recorded before the landing is made. */
export interface Compensation {
  readonly phase: string;
  readonly task: string;
  readonly stage: string;
  readonly n: number;
  readonly undo: Undo;
}

/** What a join point leaves. */
export interface Checkpoint {
  readonly phase: string;
  readonly commit: string;
  /** Its name; the commit's first letters where a person went on without it. */
  readonly tag: string;
  /** `refs/joinpoint/<uid>/<writer>:<path>` of its evidence. */
  readonly evidence: string;
  readonly at: number;
}

/** Something that joinpoint could not undo by itself and leaves to a person. */
export interface ManualTask {
  readonly phase: string;
  readonly task: string;
  readonly what: string;
}
