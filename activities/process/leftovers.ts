/** Owns the record of the process groups that run for one home, so that no attempt outlives its worker unnoticed. */

import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { endGroup } from './process-group.js';
import { identifySelf, isSameProcess, ProcessIdentity } from './process-identity.js';
import { listProcesses, startedSince, type ProcessRow } from './process-table.js';

const ProcessRecord = z.object({ key: z.string(), process: ProcessIdentity, owner: ProcessIdentity });
type ProcessRecord = z.infer<typeof ProcessRecord>;

export interface EndedProcess {
  readonly key: string;
  /** The leader, whose id is the group's. */
  readonly process: ProcessIdentity;
  /** Every process of the group that was running. */
  readonly endedPids: readonly number[];
}

/**
 * Writes `<home>/agents/<key>.json`, whole or not at all, with this worker as its owner.
 * Idempotent for the same process; refuses another one under the same key, so that two attempts cannot run at once.
 */
export async function recordProcess(home: string, key: string, started: ProcessIdentity): Promise<void> {
  const path = recordPath(home, key);
  const record: ProcessRecord = { key, process: started, owner: await identifySelf() };
  await mkdir(join(home, 'agents'), { recursive: true });
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(record)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link, unlike a rename, fails when the name is taken.
    await link(draft, path);
  } catch (error) {
    const existing = isCode(error, 'EEXIST') ? await readRecord(path) : undefined;
    if (existing === undefined) throw error;
    if (isSameProcess(existing.process, started)) return;
    throw new Error(`${key}: process ${existing.process.pid} is already recorded; end it with endLeftovers first`, {
      cause: error,
    });
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Removes the record if it is still this process's; a late twin cannot remove its successor's.
 * Answers whether it was: not where `endLeftovers` has taken it, and so has ended the process or is about to. Idempotent.
 */
export async function forgetProcess(home: string, key: string, started: ProcessIdentity): Promise<boolean> {
  const path = recordPath(home, key);
  const record = await readRecord(path);
  if (record === undefined || !isSameProcess(record.process, started)) return false;
  await rm(path, { force: true });
  return true;
}

/**
 * Ends what is recorded under `key`, or, without one, everything whose worker is gone (or is this one); answers what it ended.
 * Leaves alone a process whose id was given to another since. A record is taken before its process is ended, so that
 * whoever started the process can tell that from an end of its own. Idempotent. Throws, with the record kept, when a
 * group outlives SIGKILL or a record cannot be read, after having ended the others.
 * A home belongs to one machine: process ids mean nothing on another.
 */
export async function endLeftovers(home: string, key?: string, graceMs = 5_000): Promise<readonly EndedProcess[]> {
  const paths = await recordPaths(home, key);
  const outcomes = await Promise.allSettled(
    paths.map(async (path): Promise<readonly EndedProcess[]> => {
      const record = await readRecord(path);
      if (record === undefined) return [];
      const rows = await listProcesses();
      if (key === undefined && ownedByAnother(record, rows)) return [];
      const taken = await take(path, record);
      const endedPids = ownMembers(record, rows).map((row) => row.pid);
      if (endedPids.length > 0 && !(await endGroup(record.process.pid, graceMs))) {
        throw new Error(
          `${record.key}: process group ${record.process.pid} outlived SIGKILL; end it by hand and try again`,
        );
      }
      await rm(taken, { force: true });
      return endedPids.length === 0 ? [] : [{ key: record.key, process: record.process, endedPids }];
    }),
  );
  const problems = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  if (problems.length === 1) throw problems[0];
  if (problems.length > 1)
    throw new AggregateError(problems, `${home}: ${problems.length} leftovers could not be ended; see the causes`);
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
}

/** A group keeps its id out of circulation while it has members, so a leader with another start means that all of it is somebody else's. */
function ownMembers({ process: started }: ProcessRecord, rows: readonly ProcessRow[]): readonly ProcessRow[] {
  const leader = rows.find((row) => row.pid === started.pid);
  const members = rows.filter((row) => row.groupId === started.pid && !row.zombie);
  if (leader !== undefined) return isSameProcess(leader, started) ? members : [];
  return members.every((row) => startedSince(row.processStart, started.processStart)) ? members : [];
}

/** Several workers may share a home, one per agent; each ends only what a dead one left. */
function ownedByAnother({ owner }: ProcessRecord, rows: readonly ProcessRow[]): boolean {
  if (owner.pid === process.pid) return false;
  return rows.some((row) => !row.zombie && isSameProcess(row, owner));
}

const recordPath = (home: string, key: string): string => join(home, 'agents', `${encodeURIComponent(key)}.json`);

/** Renames the record, unless somebody has: from then on it is no longer its starter's to forget. */
async function take(path: string, { process: { pid } }: ProcessRecord): Promise<string> {
  if (takenEnd.test(path)) return path;
  const taken = `${path}.${pid}.taken`;
  await rename(path, taken).catch((error: unknown) => {
    if (!isCode(error, 'ENOENT')) throw error;
  });
  return taken;
}

const takenEnd = /\.\d+\.taken$/;

/** Of `key`, or of every key; taken ones too, whose taker may have died before the end. */
async function recordPaths(home: string, key: string | undefined): Promise<readonly string[]> {
  const names = await readdir(join(home, 'agents')).catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  });
  const paths = names
    .filter((name) => name.replace(takenEnd, '').endsWith('.json'))
    .map((name) => join(home, 'agents', name));
  if (key === undefined) return paths;
  return paths.filter((path) => path.replace(takenEnd, '') === recordPath(home, key));
}

async function readRecord(path: string): Promise<ProcessRecord | undefined> {
  try {
    return ProcessRecord.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw new Error(`${path}: is not the record of a process; see whether its agent still runs, then delete the file`, {
      cause: error,
    });
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
