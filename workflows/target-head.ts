/** Where the target's branch is now. */
import type { RolloutRef } from '../plan/rollout.js';
import { engine } from './engine.js';

export async function targetHead({ repo, branch, repoId, settings }: RolloutRef): Promise<string> {
  const { head } = await engine(settings, 'read the target').openTarget({
    repo,
    branch,
    mintId: repoId,
    at: Date.now(),
  });
  return head;
}
