/** The plan's assets on this machine: the scripts that agents and checks run, as the recorded revision has them. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fetchMirror, type Mirror, resolveCommit } from '../git/mirror.js';
import { removeOrLeave } from '../git/remove-folder.js';
import { readTree, type StoredFile } from '../git/read-tree.js';
import { workTreeName } from '../git/work-tree.js';

interface PlanFolder {
  readonly dir: string;
  readonly planCommit: string;
  readonly files: readonly StoredFile[];
  /** What `entriesOf` found when it was written. */
  readonly entries: string;
}

/** Folders of this process that nobody uses, the latest last; a process that dies leaves them to `sweepWorkTrees`. */
const idle: PlanFolder[] = [];
const idleAtMost = 32;

/**
 * Runs `use` with a folder that holds the files of a plan revision (`RolloutRef.planCommit`), for `$JOINPOINT_PLAN`.
 * No other use has it meanwhile, and whoever runs there may write there: a folder is used again only if it still holds
 * what git has, and `use` neither throws nor answers `spoilt`. So a check is judged by what the plan says, whatever an
 * agent or another check did to theirs.
 */
export async function withPlanFolder<T extends { readonly spoilt: boolean }>(
  mirror: Mirror,
  planCommit: string,
  use: (dir: string) => Promise<T>,
): Promise<T> {
  const folder = (await takeIdle(mirror, planCommit)) ?? (await write(mirror, planCommit));
  let keep = false;
  try {
    const used = await use(folder.dir);
    keep = !used.spoilt;
    return used;
  } finally {
    if (keep) idle.push(folder);
    else await removeOrLeave(folder.dir);
    if (idle.length > idleAtMost) await removeOrLeave(idle.shift()!.dir);
  }
}

async function takeIdle(mirror: Mirror, planCommit: string): Promise<PlanFolder | undefined> {
  const place = idle.findIndex((one) => one.planCommit === planCommit && dirname(one.dir) === mirror.workDir);
  const [folder] = place < 0 ? [] : idle.splice(place, 1);
  if (!folder || isUntouched(folder)) return folder;
  await removeOrLeave(folder.dir);
  return undefined;
}

async function write(mirror: Mirror, planCommit: string): Promise<PlanFolder> {
  if ((await resolveCommit(mirror, planCommit)) === undefined) await fetchMirror(mirror);
  const files = await readTree(mirror.dir, planCommit, Infinity);
  const dir = join(mirror.workDir, workTreeName('plan'));
  for (const { path, content = '' } of files) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), content);
  }
  return { dir, planCommit, files, entries: entriesOf(dir) };
}

/** At one go: a hundred files take a few milliseconds, and to write them anew takes many times that. */
function isUntouched({ dir, files, entries }: PlanFolder): boolean {
  try {
    if (entriesOf(dir) !== entries) return false;
    return files.every(({ path, content }) => readFileSync(join(dir, path)).equals(content ?? Buffer.of()));
  } catch {
    return false;
  }
}

/** Every path below `dir` and what it is, links not followed. */
function entriesOf(dir: string): string {
  const kindOf = (entry: { isFile(): boolean; isDirectory(): boolean }): string =>
    entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other';
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .map((entry) => `${kindOf(entry)} ${join(entry.parentPath, entry.name)}`)
    .sort()
    .join('\n');
}
