/** Names processes so that a recycled pid is never taken for the process that once had it. */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { z } from 'zod';

/** A process for good: its pid and a token of its start that no later owner of the pid can have. */
export const ProcessIdentity = z.object({ pid: z.int().min(2), processStart: z.string().min(1) }).readonly();
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

/** The identity of a running process; undefined when there is none, a zombie included. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const processStart = process.platform === 'linux' ? await startOnLinux(pid) : await startFromPs(pid);
  return processStart === undefined ? undefined : { pid, processStart };
}

/** Whether exactly that process still runs. */
export async function isRunning({ pid, processStart }: ProcessIdentity): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return (await identifyProcess(pid))?.processStart === processStart;
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

/**
 * `ps -o lstart` is derived from the wall clock on Linux, so that a clock step would make a living holder
 * look recycled: the kernel's ticks since boot, with the boot's id, never move.
 */
async function startOnLinux(pid: number): Promise<string | undefined> {
  try {
    const [stat, bootId] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // The second field is the command in parentheses and may hold anything, so count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, threads, ticks] = [fields[0], fields[17], fields[19]];
    // The first thread of a killed process may be a zombie while others still hold its port and files.
    const isGone = (state === 'Z' || state === 'X') && Number(threads) <= 1;
    return isGone || !ticks ? undefined : `${bootId.trim()}/${ticks}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

async function startFromPs(pid: number): Promise<string | undefined> {
  const { stdout, exitCode } = await execa('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    env: { LC_ALL: 'C', TZ: 'UTC' },
    reject: false,
  });
  if (exitCode === undefined) {
    throw new Error(`process ${pid}: ps cannot be run; install ps (procps)`);
  }
  const [, state, start] = /^(\S+)\s+(.+)$/.exec(stdout.trim()) ?? [];
  return state === undefined || state.startsWith('Z') ? undefined : start;
}
