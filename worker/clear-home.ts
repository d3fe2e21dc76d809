/** What a worker process does before it serves: it ends what a dead one of its home left behind. */
import { endLeftovers } from '../activities/process/leftovers.js';
import { sweepWorkTrees } from '../git/work-tree.js';

/**
 * Ends the agents and checks of dead workers and removes their work trees, so that no two attempts of one task are alive here.
 * Once for a process, before its first worker: it would end this process's own agents too. Idempotent.
 */
export async function clearHome(home: string): Promise<void> {
  await endLeftovers(home);
  await sweepWorkTrees(home, isAlive);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
