/** Says on pull requests what became of their work. */
import type { PullRequestUpdate } from '../activities/forge/forge.js';
import type { RolloutRef } from '../plan/rollout.js';
import { engine } from './engine.js';

export type PullRequestChange = Omit<PullRequestUpdate, 'rollout' | 'task' | 'at'>;

export function updatePullRequest(rollout: RolloutRef, task: string, change: PullRequestChange): Promise<void> {
  const summary = `pull request of ${task}: ${change.status ?? 'comment'}`;
  return engine(rollout.settings, summary).updatePullRequest({ ...change, rollout, task, at: Date.now() });
}

/** All at once: each has a chain of its own. */
export async function markPullRequests(
  rollout: RolloutRef,
  tasks: readonly string[],
  change: PullRequestChange,
): Promise<void> {
  await Promise.all(tasks.map((task) => updatePullRequest(rollout, task, change)));
}
