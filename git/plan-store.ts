/** Keeps a plan's revision in the store, with the assets that its agents and checks need. */
import { fetchNamed, type Mirror, resolveCommit } from './mirror.js';
import { chainRef, recordOnce } from './store.js';

/**
 * Pushes `files` (paths beside the plan, the plan as `plan.yaml`) to `refs/joinpoint/<uid>/plan` and returns the commit.
 * Idempotent by uid: a revision is never written over.
 * @throws RolloutError `targetUnreachable` when there is no repository at the URL.
 */
export async function publishPlan(
  mirror: Mirror,
  uid: string,
  files: Readonly<Record<string, string>>,
  at: number,
): Promise<string> {
  const chain = { uid, writer: 'plan' };
  await fetchNamed(mirror);
  await recordOnce(mirror, chain, {
    path: 'plan.yaml',
    files,
    message: 'plan: revision 1',
    stamp: { author: 'joinpoint', at },
  });
  const commit = await resolveCommit(mirror, chainRef(chain));
  return commit!;
}
