/** Ends servers that still hold a home's database though the home's record of them is lost. */
import { readlink } from 'node:fs/promises';
import { execa } from 'execa';
import { databasePath } from './database.js';
import { endProcess, identifyProcess } from '../../activities/process/process-identity.js';

/**
 * Ends every server whose command line names the home's database. Two servers open one SQLite file without
 * complaint, so this is the net under `server.json`, for a home whose other files were deleted. Call it only
 * with the home's lock held; `home` is a real path.
 */
export async function endLeftoverServers(home: string, graceMs: number): Promise<void> {
  const { stdout } = await execa('ps', ['-axww', '-o', 'pid=,args='], { reject: false });
  for (const line of (stdout ?? '').split('\n')) {
    const [, pidText, args] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    if (!`${args} `.includes(`server start-dev --db-filename ${databasePath(home)} `)) continue;
    const identity = await identifyProcess(Number(pidText));
    if (identity && (await sharesOurFiles(identity.pid))) await endProcess(identity, graceMs);
  }
}

/** A container's process shows a path of its own: the same text, another file. */
async function sharesOurFiles(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  try {
    return (await readlink(`/proc/${pid}/ns/mnt`)) === (await readlink('/proc/self/ns/mnt'));
  } catch {
    return false;
  }
}
