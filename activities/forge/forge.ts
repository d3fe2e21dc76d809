/** The forge port: pull requests for visibility and for comments between agents; nothing is merged through it. */
import type { RolloutRef } from '../../plan/rollout.js';
import type { Task } from '../../plan/schema.js';

export type PullRequestStatus = 'draft' | 'ready' | 'landed' | 'undone' | 'closed';

export interface OpenPullRequest {
  readonly rollout: RolloutRef;
  readonly task: Task;
  /** Each generation of a task's work has a branch of its own; the pull request goes on to it. */
  readonly generation: number;
  readonly branch: string;
  readonly base: string;
  readonly at: number;
}

/** A deliverable that is proven, and by what. */
export interface PullRequestTick {
  readonly id: string;
  readonly by: string;
  readonly evidence: string;
}

export interface PullRequestUpdate {
  readonly rollout: RolloutRef;
  readonly task: string;
  /** The same key changes the pull request once. */
  readonly key: string;
  readonly status?: PullRequestStatus;
  readonly comment?: { readonly by: string; readonly text: string };
  readonly ticks?: readonly PullRequestTick[];
  readonly at: number;
}

export interface ForgeActivities {
  openPullRequest(request: OpenPullRequest): Promise<{ readonly id: string }>;
  updatePullRequest(update: PullRequestUpdate): Promise<void>;
}
