/** Clean work trees for checks, used again: writing a whole tree costs far more than moving one to the next commit. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Mirror } from './mirror.js';
import { runGit } from './run.js';
import { addWorkTree, removeWorkTree, workTreeName } from './work-tree.js';

interface CleanTree {
  readonly dir: string;
  /** What `.git` held when the tree was made; a tree whose link was touched is not used again. */
  readonly link: string;
  commit: string;
}

/** Trees of this process that nobody uses, by mirror; a process that dies leaves them to `sweepWorkTrees`. */
const idle = new Map<string, CleanTree[]>();

/**
 * Runs `use` in a detached work tree that holds `commit` and nothing else, ignored files included.
 * The tree is kept for the next use unless `use` throws or answers `spoilt`.
 */
export async function withCleanTree<T extends { readonly spoilt: boolean }>(
  mirror: Mirror,
  commit: string,
  use: (dir: string) => Promise<T>,
): Promise<T> {
  const tree = (await takeIdle(mirror, commit)) ?? (await make(mirror, commit));
  let keep = false;
  try {
    const used = await use(tree.dir);
    keep = !used.spoilt;
    return used;
  } finally {
    if (keep) idleOf(mirror).push(tree);
    else await removeWorkTree(mirror, tree.dir);
  }
}

function idleOf(mirror: Mirror): CleanTree[] {
  const trees = idle.get(mirror.workDir) ?? [];
  idle.set(mirror.workDir, trees);
  return trees;
}

async function make(mirror: Mirror, commit: string): Promise<CleanTree> {
  const dir = join(mirror.workDir, workTreeName('check'));
  await addWorkTree(mirror, dir, commit);
  return { dir, commit, link: await readFile(join(dir, '.git'), 'utf8') };
}

/** An idle tree, moved to `commit` and cleaned; the one that is there already if possible. */
async function takeIdle(mirror: Mirror, commit: string): Promise<CleanTree | undefined> {
  const trees = idleOf(mirror);
  const place = trees.findIndex((tree) => tree.commit === commit);
  const tree = place >= 0 ? trees.splice(place, 1)[0] : trees.pop();
  if (!tree) return undefined;
  try {
    await moveTo(mirror, tree, commit);
    return tree;
  } catch {
    // Whatever a check did to it: a fresh one is at hand.
    await removeWorkTree(mirror, tree.dir);
    return undefined;
  }
}

async function moveTo(mirror: Mirror, tree: CleanTree, commit: string): Promise<void> {
  const link = await readFile(join(tree.dir, '.git'), 'utf8');
  if (link !== tree.link) throw new Error(`${tree.dir}: its link to the repository was changed`);
  // By name, so that a broken link can never make git reset the repository around the home.
  const own = [`--git-dir=${join(mirror.dir, 'worktrees', basename(tree.dir))}`, `--work-tree=${tree.dir}`];
  await runGit(tree.dir, [...own, 'reset', '--quiet', '--hard', commit]);
  await runGit(tree.dir, [...own, 'clean', '-ffdxq']);
  tree.commit = commit;
}
