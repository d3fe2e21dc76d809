/** Owns reading which processes exist, their groups and what tells their starts apart. */

import { readdir, readFile } from 'node:fs/promises';
import { execa } from 'execa';

export interface ProcessRow {
  readonly pid: number;
  readonly groupId: number;
  /** A token of its start that no later owner of the id can have, see `startedSince`. */
  readonly processStart: string;
  /** Ended, and only not yet collected by its parent: it runs nothing. */
  readonly zombie: boolean;
}

/** Whether a process with the start `processStart` can belong to something that started at `earliest`. */
export function startedSince(processStart: string, earliest: string): boolean {
  const [one, other] = [partsOf(processStart), partsOf(earliest)];
  return one.boot === other.boot && one.at >= other.at;
}

/** Ticks since a boot, or what `ps` calls the start. */
function partsOf(processStart: string): { readonly boot: string; readonly at: number } {
  const [boot, ticks] = processStart.split('/') as [string, string?];
  return ticks === undefined ? { boot: '', at: Date.parse(`${boot} UTC`) } : { boot, at: Number(ticks) };
}

/** The process with this id, a zombie included; undefined when there is none. */
export async function findProcess(pid: number): Promise<ProcessRow | undefined> {
  if (process.platform === 'linux') return procRow(String(pid), await readBootId());
  return (await readPs(pid)).find((row) => row.pid === pid);
}

/** Every process of this machine (of this container, inside one); images without `ps` are common on Linux, hence /proc there. */
export function listProcesses(): Promise<readonly ProcessRow[]> {
  return process.platform === 'linux' ? readProc() : readPs();
}

/** Linux: every process. Exported for the test that holds it against `readPs`. */
export async function readProc(): Promise<readonly ProcessRow[]> {
  const [bootId, names] = await Promise.all([readBootId(), readdir('/proc')]);
  const pids = names.filter((name) => /^\d+$/.test(name));
  // What may not be looked at is of another user, and no process of ours.
  const rows = await Promise.all(pids.map((pid) => procRow(pid, bootId).catch(() => undefined)));
  return rows.filter((row) => row !== undefined);
}

async function readBootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}

/**
 * A start is counted in the kernel's ticks since boot, with the boot's id: these never move. A time of day does, since the
 * boot time that it is counted from moves whenever the clock is set, and would make a living process look recycled.
 */
async function procRow(pid: string, bootId: string): Promise<ProcessRow | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined; // It ended in between.
    throw error;
  });
  if (stat === undefined) return undefined;
  // The command's name stands in parentheses and may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, groupId, threads, ticks] = [fields[0], fields[2], fields[17], fields[19]];
  return {
    pid: Number(pid),
    groupId: Number(groupId),
    processStart: `${bootId}/${ticks}`,
    // The first thread of a killed process may be a zombie while others still hold its port and files.
    zombie: (state === 'Z' || state === 'X') && Number(threads) <= 1,
  };
}

/** Any POSIX system with `lstart`: every process, or that one. Read in UTC, since a change to summer time would otherwise move every start by an hour. */
export async function readPs(pid?: number): Promise<readonly ProcessRow[]> {
  // One -o per column: POSIX reads everything behind `=` as the column's title.
  const columns = ['-o', 'pgid=', '-o', 'pid=', '-o', 'stat=', '-o', 'lstart='];
  const which = pid === undefined ? ['-A'] : ['-p', String(pid)];
  const { stdout, exitCode } = await execa('ps', [...which, ...columns], {
    env: { LC_ALL: 'C', TZ: 'UTC' },
    reject: false,
  });
  if (exitCode === undefined) throw new Error('ps: cannot be run; install ps (procps)');
  return stdout.split('\n').flatMap((line) => {
    const [, groupId, id, state = '', processStart] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
    if (processStart === undefined) return [];
    return [{ pid: Number(id), groupId: Number(groupId), processStart, zombie: state.startsWith('Z') }];
  });
}
