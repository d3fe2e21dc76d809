/** Owns ending a whole process group and knowing that it is gone. */

import { setTimeout as sleep } from 'node:timers/promises';
import { listProcesses, type ProcessRow } from './process-table.js';

/** How long the kernel gets to carry out a SIGKILL; only a process stuck in a device driver needs longer. */
const killWaitMs = 5_000;

/** The running members of a group; zombies run nothing and are left out. */
export async function groupMembers(groupId: number): Promise<readonly ProcessRow[]> {
  if (!signalGroup(groupId, 0)) return [];
  return (await listProcesses()).filter((row) => row.groupId === groupId && !row.zombie);
}

/** Sends SIGTERM, then SIGKILL to what is left after `graceMs`, and waits; answers whether the group is gone. Idempotent. */
export async function endGroup(groupId: number, graceMs: number): Promise<boolean> {
  if (!signalGroup(groupId, 'SIGTERM')) return true;
  if (await groupGone(groupId, graceMs)) return true;
  signalGroup(groupId, 'SIGKILL');
  return groupGone(groupId, killWaitMs);
}

/** Waits up to `withinMs` for the group to end by itself; answers whether it did. */
export async function groupGone(groupId: number, withinMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + withinMs;
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 2, 200)) {
    if ((await groupMembers(groupId)).length === 0) return true;
    const leftMs = deadlineMs - performance.now();
    if (leftMs <= 0) return false;
    await sleep(Math.min(pauseMs, leftMs));
  }
}

/** Answers false when there is no such group. */
function signalGroup(groupId: number, signal: NodeJS.Signals | 0): boolean {
  // kill(-1) is every process of this user, kill(0) the worker's own group.
  if (!Number.isInteger(groupId) || groupId <= 1) {
    throw new RangeError(`process group ${groupId}: cannot be one that joinpoint started; nothing was signalled`);
  }
  try {
    process.kill(-groupId, signal);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ESRCH') return false;
    if (code === 'EPERM') return true; // Of another user, or (on macOS) only zombies are left.
    throw error;
  }
}
