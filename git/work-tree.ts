/** Detached work trees of a mirror: made for one use, named after the process that made them, removed after it. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Mirror } from './mirror.js';
import { removeOrLeave } from './remove-folder.js';
import { GitError, gitLine, runGit } from './run.js';

/** A name that tells which process made the tree. */
export function workTreeName(purpose: string): string {
  return `${purpose}-${process.pid}-${randomUUID().slice(0, 8)}`;
}

/** Runs `use` in a detached work tree at `commit` and removes the tree, whatever happens. */
export async function withWorkTree<T>(
  mirror: Mirror,
  commit: string,
  purpose: string,
  use: (dir: string) => Promise<T>,
): Promise<T> {
  const dir = join(mirror.workDir, workTreeName(purpose));
  await addWorkTree(mirror, dir, commit);
  try {
    return await use(dir);
  } finally {
    await removeWorkTree(mirror, dir);
  }
}

export async function addWorkTree(mirror: Mirror, dir: string, commit: string): Promise<void> {
  await mkdir(mirror.workDir, { recursive: true });
  for (let triesLeft = 5; ; triesLeft--) {
    try {
      await runGit(mirror.dir, ['worktree', 'add', '--quiet', '--force', '--detach', dir, commit]);
      return;
    } catch (error) {
      if (triesLeft === 0 || !isHalfWritten(error)) throw error;
      await delay(100);
    }
  }
}

/** Of a tree that is being added at the same time git may read an entry that is not whole yet. */
function isHalfWritten(error: unknown): boolean {
  return error instanceof GitError && error.stderr.includes('failed to read worktrees/');
}

/** Never fails for what is in the tree: what cannot be removed is left to `sweepWorkTrees`. */
export async function removeWorkTree(mirror: Mirror, dir: string): Promise<void> {
  await removeOrLeave(dir);
  await runGit(mirror.dir, ['worktree', 'prune', '--expire=now'], { allow: [128] });
}

/** Removes the work trees and plan folders under `home` whose process is gone; called by a starting worker. Idempotent. */
export async function sweepWorkTrees(home: string, isAlive: (pid: number) => boolean): Promise<void> {
  const root = join(home, 'work');
  for (const key of await readdir(root).catch(() => [])) {
    for (const name of await readdir(join(root, key)).catch(() => [])) {
      const pid = Number(/-(\d+)-[0-9a-f]{8}$/.exec(name)?.[1]);
      if (!isAlive(pid)) await removeOrLeave(join(root, key, name));
    }
  }
}

/**
 * The commit that holds everything in the work tree: its head, or a new commit on it for what is not committed.
 * What the agent committed by itself is its work too.
 */
export async function commitWork(dir: string, message: string, author: string, at: number): Promise<string> {
  const env = onlyHere(dir);
  await runGit(dir, ['add', '--all'], { env });
  const { exitCode } = await runGit(dir, ['diff', '--cached', '--quiet'], { env, allow: [1] });
  if (exitCode === 1) {
    const date = `@${Math.floor(at / 1000)} +0000`;
    await runGit(dir, ['commit', '--quiet', '--no-verify', '--no-gpg-sign', '-F', '-'], {
      input: message,
      env: {
        ...env,
        GIT_AUTHOR_NAME: author,
        GIT_AUTHOR_EMAIL: 'agent@joinpoint.invalid',
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_NAME: 'joinpoint',
        GIT_COMMITTER_EMAIL: 'joinpoint@joinpoint.invalid',
        GIT_COMMITTER_DATE: date,
      },
    });
  }
  return gitLine(dir, ['rev-parse', '--verify', 'HEAD^{commit}'], { env });
}

/** Keeps git from a repository around the home, where a command removed the work tree's own link. */
export function onlyHere(dir: string): { readonly GIT_CEILING_DIRECTORIES: string } {
  return { GIT_CEILING_DIRECTORIES: dirname(dir) };
}
