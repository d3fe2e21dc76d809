/** What a worker process does before it serves: it ends what a dead one of its home left behind. */
import { endLeftovers } from '../activities/process/leftovers.js';
import { sweepWorkTrees } from '../git/work-tree.js';

/**
 * Ends the agents and checks of dead workers and removes their work trees and plan folders, so that no two attempts of one
 * task are alive here. What cannot be removed is left to the next start, and so are trees whose worker's pid another process has now.
 * Once for a process, before its first worker: it would end this process's own agents too. Idempotent.
 */
export async function clearHome(home: string): Promise<void> {
  await endLeftovers(home);
  await sweepWorkTrees(home, isAnotherWorkers);
}

/** A process that has made no tree yet owns none: those under its pid are of one that had it before, as in a container that was restarted. */
function isAnotherWorkers(pid: number): boolean {
  return pid !== process.pid && isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
