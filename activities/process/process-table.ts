/** Owns reading which processes exist, their groups and when they started. */

import { readdir, readFile } from 'node:fs/promises';
import { execa } from 'execa';

export interface ProcessRow {
  readonly pid: number;
  readonly groupId: number;
  /** ISO 8601; two readings of one process may differ by a second, see `sameStart`. */
  readonly startedAt: string;
  /** Ended, and only not yet collected by its parent: it runs nothing. */
  readonly zombie: boolean;
}

/** The kernel reports ticks of 1/100 s to user space on every architecture that Node supports. */
const tickMs = 10;
/** The boot time, which start times are counted from, is rounded to a second and moves when the clock is set. */
const startToleranceMs = 2_000;

/** Whether two readings name the same start; a process id cannot come round again within the tolerance. */
export function sameStart(left: string, right: string): boolean {
  return Math.abs(Date.parse(left) - Date.parse(right)) <= startToleranceMs;
}

/** Whether a process that started at `startedAt` can belong to something that started at `earliest`. */
export function startedSince(startedAt: string, earliest: string): boolean {
  return Date.parse(startedAt) >= Date.parse(earliest) - startToleranceMs;
}

/** When the process started (ISO 8601), or undefined when none with this id is running. */
export async function processStartTime(pid: number): Promise<string | undefined> {
  const rows = process.platform === 'linux' ? await readProc([String(pid)]) : await readPs();
  const row = rows.find((candidate) => candidate.pid === pid);
  return row === undefined || row.zombie ? undefined : row.startedAt;
}

/** Every process of this machine (of this container, inside one); images without `ps` are common on Linux, hence /proc there. */
export function listProcesses(): Promise<readonly ProcessRow[]> {
  return process.platform === 'linux' ? readProc() : readPs();
}

/** Linux: every process, or those of `only` that exist. Exported for the test that holds it against `readPs`. */
export async function readProc(only?: readonly string[]): Promise<readonly ProcessRow[]> {
  const bootSeconds = Number(/^btime (\d+)$/m.exec(await readFile('/proc/stat', 'utf8'))?.[1]);
  const pids = only ?? (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const rows = await Promise.all(
    pids.map(async (pid): Promise<readonly ProcessRow[]> => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
      if (stat === undefined) return []; // It ended in between.
      // The command's name stands in parentheses and may hold spaces and parentheses itself.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const startedAtMs = bootSeconds * 1_000 + Number(fields[19]) * tickMs;
      return [
        {
          pid: Number(pid),
          groupId: Number(fields[2]),
          startedAt: new Date(startedAtMs).toISOString(),
          zombie: fields[0] === 'Z' || fields[0] === 'X',
        },
      ];
    }),
  );
  return rows.flat();
}

/** Any POSIX system with `lstart`. Read in UTC, since a change to summer time would otherwise move every start by an hour. */
export async function readPs(): Promise<readonly ProcessRow[]> {
  // One -o per column: POSIX reads everything behind `=` as the column's title.
  const columns = ['-o', 'pgid=', '-o', 'pid=', '-o', 'stat=', '-o', 'lstart='];
  const { stdout } = await execa('ps', ['-A', ...columns], { env: { LC_ALL: 'C', TZ: 'UTC' } });
  return stdout.split('\n').flatMap((line) => {
    const [, groupId, pid, state = '', start = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
    const startedAtMs = Date.parse(`${start} UTC`);
    if (Number.isNaN(startedAtMs)) return [];
    return [
      {
        pid: Number(pid),
        groupId: Number(groupId),
        startedAt: new Date(startedAtMs).toISOString(),
        zombie: state.startsWith('Z'),
      },
    ];
  });
}
