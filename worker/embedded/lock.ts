/**
 * Owns the exclusive lock of a home, without which two dev servers would open one SQLite file.
 *
 * `<home>/lock/` holds one file per generation, and the highest generation is the lock. Taking over a dead
 * holder's lock is creating the next generation, which only one contender can; nothing is removed and put
 * back, so there is no moment at which two processes could each believe that they removed a dead holder.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from './atomic-file.js';
import { ProcessIdentity, identifySelf, isRunning } from '../../activities/process/process-identity.js';

const LockHolder = z.object({ process: ProcessIdentity, acquiredAt: z.iso.datetime() }).readonly();

/** Who holds a home, and since when. */
export type LockHolder = z.infer<typeof LockHolder>;

/** The answer to an attempt: ours until `release`, or a living process's. */
export type Lock =
  | { readonly held: true; readonly release: () => Promise<void> }
  | { readonly held: false; readonly holder: LockHolder };

const released = 'released\n';

/** Takes the lock of a home or names its living holder, at once; a dead holder's lock is taken over. */
export async function acquireLock(home: string): Promise<Lock> {
  const folder = join(home, 'lock');
  await mkdir(folder, { recursive: true });
  const text = `${JSON.stringify({ process: await identifySelf(), acquiredAt: new Date().toISOString() })}\n`;

  for (;;) {
    const newest = await newestGeneration(folder);
    if (newest > 0) {
      const state = await readGeneration(folder, newest);
      if (state === 'gone') continue;
      if (state !== 'free') return { held: false, holder: state };
    }
    const mine = newest + 1;
    if (!(await createGeneration(folder, mine, text))) continue;
    // A slow contender can re-create a generation that was already superseded and cleared away. The newest
    // one is never removed, so looking once more tells.
    if ((await newestGeneration(folder)) !== mine) {
      await rm(generationPath(folder, mine), { force: true });
      continue;
    }
    await clearBelow(folder, mine);
    return { held: true, release: () => release(folder, mine, text) };
  }
}

/** The living process that holds a home; undefined when nobody does. */
export async function readLockHolder(home: string): Promise<LockHolder | undefined> {
  const folder = join(home, 'lock');
  for (;;) {
    const newest = await newestGeneration(folder);
    if (newest === 0) return undefined;
    const state = await readGeneration(folder, newest);
    if (state !== 'gone') return state === 'free' ? undefined : state;
  }
}

/** Marks the generation as free; does nothing when it is no longer ours, so it may be called twice. */
async function release(folder: string, generation: number, text: string): Promise<void> {
  const path = generationPath(folder, generation);
  const current = await readFile(path, 'utf8').catch(() => undefined);
  if (current === text) await writeFileAtomically(path, released);
}

async function createGeneration(folder: string, generation: number, text: string): Promise<boolean> {
  const temporary = join(folder, `${process.pid}-${randomUUID()}.tmp`);
  await writeFile(temporary, text, { flag: 'wx' });
  try {
    // A link appears with its whole text, where an exclusively created file is empty at first.
    await link(temporary, generationPath(folder, generation));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function readGeneration(folder: string, generation: number): Promise<LockHolder | 'free' | 'gone'> {
  let text: string;
  try {
    text = await readFile(generationPath(folder, generation), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'gone';
    throw error;
  }
  const holder = parseHolder(text);
  return holder && (await isRunning(holder.process)) ? holder : 'free';
}

/** Text that is no holder was released, or cut short by a power failure that also ended its writer. */
function parseHolder(text: string): LockHolder | undefined {
  if (text === released) return undefined;
  try {
    return LockHolder.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function newestGeneration(folder: string): Promise<number> {
  return Math.max(0, ...(await generations(folder)));
}

async function clearBelow(folder: string, generation: number): Promise<void> {
  for (const older of await generations(folder)) {
    if (older < generation) await rm(generationPath(folder, older), { force: true });
  }
}

async function generations(folder: string): Promise<readonly number[]> {
  try {
    return (await readdir(folder)).filter((name) => /^\d+$/.test(name)).map(Number);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function generationPath(folder: string, generation: number): string {
  return join(folder, String(generation).padStart(8, '0'));
}
