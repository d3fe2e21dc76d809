/** What each workflow is given and gives back: the arguments and results that histories keep. */
import type { Check, Waivers } from '../gates/check.js';
import type { Verdict } from '../gates/verdict.js';
import type { Candidate } from '../git/fold.js';
import type { FoldUnit } from '../git/fold-unit.js';
import type { Undone } from '../plan/landed.js';
import type { Reopening, TaskStart, TaskStates, Work } from '../plan/phase-state.js';
import type { Checkpoint, Compensation, ManualTask, RolloutRef } from '../plan/rollout.js';
import type { Agent, Approval, Phase, Plan, Stage, Task } from '../plan/schema.js';
import type { RolloutOutcome } from '../plan/status.js';
import type { Minutes } from './minutes.js';

export interface RolloutInput {
  /** Without what is only known once the target was opened. */
  readonly rollout: Omit<RolloutRef, 'repoId' | 'start'>;
  readonly plan: Plan;
  /** Run only the phases from and until these, both included. */
  readonly from?: string;
  readonly until?: string;
}

export interface RolloutResult {
  readonly outcome: RolloutOutcome;
  readonly head: string;
  /** Why, and by whom, where it was aborted. */
  readonly why?: string;
  readonly manualTasks: readonly ManualTask[];
  readonly notes: readonly string[];
}

export interface PhaseInput {
  readonly rollout: RolloutRef;
  readonly plan: Pick<Plan, 'agents' | 'defaults' | 'lint' | 'staticChecks' | 'gates'>;
  readonly phase: Phase;
  /** The first number for landings and evidence that this phase may use. */
  readonly n: number;
  readonly paused: boolean;
  /** What an earlier run of this phase left: its work is not done twice. */
  readonly tasks?: TaskStates;
  /** What earlier runs of this phase left standing on the target, and the number that names the baseline taken before them. */
  readonly earlier?: { readonly baselineN: number; readonly landed: readonly Compensation[] };
  /** Set when a run of this phase goes on as a new one. */
  readonly carried?: {
    readonly baseline: readonly Verdict[];
    readonly landed: readonly Compensation[];
    readonly sentBack: Readonly<Record<string, number>>;
    readonly waivers: Waivers;
    readonly minutes?: Minutes;
  };
}

export type PhaseResult = { readonly n: number; readonly tasks: TaskStates } & (
  | { readonly outcome: 'passed'; readonly checkpoint: Checkpoint }
  /** `standing`: tasks of it that are on the target all the same. */
  | { readonly outcome: 'skipped'; readonly by: string; readonly reason: string; readonly standing: readonly string[] }
  /** Cancelled by its rollout; what has landed is the rollout's to undo. */
  | { readonly outcome: 'stopped' }
  /** For a reason that no step of it could put before a person; what has landed is in the ledger. */
  | { readonly outcome: 'failed'; readonly why: string }
);

export interface TaskInput {
  readonly rollout: RolloutRef;
  readonly phase: { readonly id: string; readonly title: string };
  readonly task: Task;
  readonly agent: Agent;
  readonly attempts: number;
  readonly start: TaskStart;
  /** Unlanded work that this task is stacked on. */
  readonly stackOn: readonly FoldUnit[];
  readonly staticChecks: readonly Check[];
  readonly reportTo: string;
  readonly paused: boolean;
}

export type TaskResult =
  | { readonly outcome: 'ready'; readonly work: Work }
  | { readonly outcome: 'skipped'; readonly reason: string; readonly by: string };

export interface JoinPointInput {
  readonly rollout: RolloutRef;
  readonly phase: Omit<Phase, 'tasks'>;
  /** `join point 1`, or `task 3.1` where a phase lands each task by itself. */
  readonly subject: string;
  /** The chain of this join point in the store. */
  readonly writer: string;
  /** What is to be landed, in plan order; empty for a phase without tasks, or whose tasks have landed one by one. */
  readonly units: readonly { readonly task: Task; readonly work: Work }[];
  /** Never used twice within the uid: names the landings and this attempt's evidence. */
  readonly n: number;
  readonly staticChecks: readonly Check[];
  readonly gates: readonly Check[];
  readonly baseline: readonly Verdict[];
  readonly approval: Approval | false;
  readonly signOff: Approval | false;
  readonly onFailure: 'rollback' | 'hold';
  /** Soak, sign off and leave a checkpoint; a task that lands by itself leaves that to its phase. */
  readonly closes: boolean;
  /** What a person let through of the gates: not asked about again before the phase is closed, while it is no worse. */
  readonly waivers: Waivers;
  /** What the phase has landed already: undone with the rest when the phase fails. */
  readonly landedBefore: readonly Compensation[];
  /** What the phase's join points before this one remember; kept with its checkpoint. */
  readonly minutesBefore?: Minutes;
  /** People whose own work this is. */
  readonly authors: readonly string[];
  readonly reportTo: string;
  readonly paused: boolean;
}

export type JoinPointResult = { readonly minutes?: Minutes } & (
  | { readonly outcome: 'passed'; readonly checkpoint: Checkpoint }
  /** What this join point landed by itself; what the phase landed before it is the phase's to keep. */
  | { readonly outcome: 'landed'; readonly landed: readonly Compensation[]; readonly waivers: Waivers }
  /** Nothing landed; these go back to their agents. */
  | { readonly outcome: 'reopen'; readonly reopenings: readonly Reopening[] }
  /** Nothing landed, and a person named no task to re-open. */
  | { readonly outcome: 'rejected'; readonly why: string }
  /** What had landed is undone, as far as it could be. */
  | ({ readonly outcome: 'rolledBack'; readonly why: string; readonly reopenings: readonly Reopening[] } & Undone)
);

export interface LandInput {
  readonly rollout: RolloutRef;
  readonly phase: string;
  /** `landing of phase 1`: how people see it. */
  readonly node: string;
  /** The workflow that shows it. */
  readonly reportTo: string;
  readonly paused: boolean;
  readonly job: CandidateJob | UndoJob;
}

export interface CandidateJob {
  readonly kind: 'candidate';
  /** The chain and key of the candidate; re-folds are kept beside it. */
  readonly writer: string;
  readonly key: string;
  readonly candidate: Candidate;
  readonly units: readonly FoldUnit[];
  readonly stages: readonly Stage[];
  /** By task: how its landings are undone. */
  readonly undo: Readonly<Record<string, Compensation['undo']>>;
  readonly staticChecks: readonly Check[];
  readonly gates: readonly Check[];
  readonly baseline: readonly Verdict[];
  readonly waivers: Waivers;
  readonly onFailure: 'rollback' | 'hold';
}

export interface UndoJob {
  readonly kind: 'undo';
  readonly compensations: readonly Compensation[];
  readonly reason: string;
}

export type LandResult =
  /** On the target and proven. `movedFrom` is the approved head, where the target had moved and the approval carried over. */
  | {
      readonly outcome: 'landed';
      readonly head: string;
      readonly landed: readonly Compensation[];
      readonly movedFrom?: string;
      /** What a person had let through of the approved candidate and is no better on the moved target, a line each. */
      readonly stillLetThrough: readonly string[];
      readonly verdicts: readonly Verdict[];
      readonly waivers: Waivers;
      /** A line for each decision of a person, for the checkpoint's minutes. */
      readonly decisions: readonly string[];
    }
  /** Nothing landed: the target moved under the candidate in a way that needs a new look. */
  | { readonly outcome: 'askAgain'; readonly why: string }
  | ({ readonly outcome: 'undone'; readonly why: string; readonly verdicts: readonly Verdict[] } & Undone);
