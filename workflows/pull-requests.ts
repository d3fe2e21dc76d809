/** Says on pull requests what became of their work. */
import type { PullRequestUpdate } from '../activities/forge/forge.js';
import { tasksOf, type Undone } from '../plan/landed.js';
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

/** Says after an undo whose work is off the target, and whose is on it still; `key` names the undo. */
export async function markUndone(
  rollout: RolloutRef,
  { undone, standing }: Undone,
  { key, by, why }: { readonly key: string; readonly by: string; readonly why: string },
): Promise<void> {
  const left = tasksOf(standing);
  const off = tasksOf(undone).filter((task) => !left.includes(task));
  await Promise.all([
    markPullRequests(rollout, off, { key: `undone-${key}`, status: 'undone', comment: { by, text: `Undone: ${why}` } }),
    markPullRequests(rollout, left, {
      key: `standing-${key}`,
      status: 'landed',
      comment: { by, text: `Still on ${rollout.branch}, though it was to be undone: ${why}` },
    }),
  ]);
}
