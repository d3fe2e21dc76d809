/** The plan's assets on this machine: the scripts that agents and checks run, as the recorded revision has them. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchMirror, type Mirror, resolveCommit } from '../git/mirror.js';
import { runGit } from '../git/run.js';

/**
 * The folder with the files of a plan revision (`RolloutRef.planCommit`), for `$JOINPOINT_PLAN`.
 * Idempotent: written aside and renamed into place; a revision never changes, so what is there is right.
 */
export async function planFolder(mirror: Mirror, home: string, planCommit: string): Promise<string> {
  const dir = join(home, 'plans', planCommit);
  if (existsSync(dir)) return dir;
  if ((await resolveCommit(mirror, planCommit)) === undefined) await fetchMirror(mirror);
  const aside = `${dir}.${randomUUID()}`;
  const env = { GIT_INDEX_FILE: join(mirror.dir, `index.${randomUUID()}`) };
  await mkdir(aside, { recursive: true });
  try {
    await runGit(mirror.dir, ['read-tree', planCommit], { env });
    await runGit(mirror.dir, ['--work-tree', aside, 'checkout-index', '--all', '--force', `--prefix=${aside}/`], {
      env,
    });
    await rename(aside, dir);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    if (!existsSync(dir)) throw error;
  } finally {
    await rm(env.GIT_INDEX_FILE, { force: true });
  }
  return dir;
}
