/** Names processes so that a recycled pid is never taken for the process that once had it. */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { findProcess } from './process-table.js';

/** A process for good: its pid, which is 1 for the first one of a container, and a token of its start that no later owner of the pid can have. */
export const ProcessIdentity = z.object({ pid: z.int().min(1), processStart: z.string().min(1) }).readonly();
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

/** The identity of a running process; undefined when there is none, a zombie included. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const row = await findProcess(pid);
  return row === undefined || row.zombie ? undefined : { pid, processStart: row.processStart };
}

/** The identity of this process. */
export async function identifySelf(): Promise<ProcessIdentity> {
  const self = await identifyProcess(process.pid);
  if (!self) throw new Error(`process ${process.pid}: its own start is unknown; see that /proc or ps shows it`);
  return self;
}

export function isSameProcess(one: ProcessIdentity, other: ProcessIdentity): boolean {
  return one.pid === other.pid && one.processStart === other.processStart;
}

/** Whether exactly that process still runs. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const running = await identifyProcess(identity.pid);
  return running !== undefined && isSameProcess(running, identity);
}

/**
 * Ends that process and no other: SIGTERM, then SIGKILL after `graceMs`. Idempotent, since a process that is
 * gone is left alone; throws when even SIGKILL does not end it.
 */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGTERM', graceMs],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!(await isRunning(identity))) return;
    try {
      process.kill(identity.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    const deadline = Date.now() + waitMs;
    while (Date.now() < deadline) {
      if (!(await isRunning(identity))) return;
      await delay(25);
    }
  }
  if (await isRunning(identity)) {
    throw new Error(`process ${identity.pid}: SIGKILL did not end it; end it by hand`);
  }
}
