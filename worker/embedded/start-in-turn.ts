/** Lets the servers of one user start one after the other. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheFolder } from './executable-cache.js';
import { acquireLock } from './lock.js';

/** Longer than a start may take, so that only a starter that is frozen is passed by. */
const longestWaitMs = 40_000;

/**
 * Runs `start` while no other server of this user is starting. Two that chose one port at once would each find
 * a server that answers there, and one of them would take the other home's for its own. Where no lock can be
 * kept, or its holder does not let go, it starts all the same.
 */
export async function startInTurn<T>(env: NodeJS.ProcessEnv, start: () => Promise<T>): Promise<T> {
  const release = await turn(join(cacheFolder(env), 'starting'));
  try {
    return await start();
  } finally {
    await release();
  }
}

async function turn(folder: string): Promise<() => Promise<void>> {
  for (const deadlineAt = Date.now() + longestWaitMs; Date.now() < deadlineAt; await delay(25)) {
    const lock = await acquireLock(folder).catch(() => undefined);
    if (!lock) break;
    if (lock.held) return lock.release;
  }
  return async () => undefined;
}
