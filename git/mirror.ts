/** A bare clone of the target under the home: a cache that any worker rebuilds from the origin. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RolloutError } from '../plan/rollout-error.js';
import { GitError, runGit } from './run.js';

export interface Mirror {
  /** The bare repository's folder. */
  readonly dir: string;
  readonly url: string;
  /** The home's folder for detached work trees of this mirror. */
  readonly workDir: string;
}

const fetchSpecs = [
  '+refs/heads/*:refs/remotes/origin/*',
  '+refs/joinpoint/*:refs/joinpoint/*',
  '+refs/tags/joinpoint/*:refs/tags/joinpoint/*',
];

/** Fetches and clones of one mirror take turns within this process; between processes git's own locks do, and a loser is retried. */
const turns = new Map<string, Promise<unknown>>();

async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(key) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(
    key,
    mine.catch(() => undefined),
  );
  return mine;
}

/**
 * The mirror of `url` under `home`, made when missing and never fetched here.
 * Idempotent: a clone is made aside and renamed into place.
 */
export async function openMirror(home: string, url: string): Promise<Mirror> {
  const key = createHash('sha256').update(url).digest('hex').slice(0, 16);
  const dir = join(home, 'repositories', `${key}.git`);
  const mirror = { dir, url, workDir: join(home, 'work', key) };
  if (existsSync(join(dir, 'HEAD'))) return mirror;
  await inTurn(dir, async () => {
    if (existsSync(join(dir, 'HEAD'))) return;
    const aside = `${dir}.${process.pid}.${Date.now()}`;
    await mkdir(aside, { recursive: true });
    await runGit(aside, ['init', '--quiet', '--bare', '--initial-branch=joinpoint-mirror']);
    await runGit(aside, ['remote', 'add', 'origin', url]);
    await runGit(aside, ['config', '--replace-all', 'remote.origin.fetch', fetchSpecs[0]!]);
    for (const spec of fetchSpecs.slice(1)) await runGit(aside, ['config', '--add', 'remote.origin.fetch', spec]);
    await runGit(aside, ['config', 'gc.auto', '0']);
    await rename(aside, dir).catch(async (error: NodeJS.ErrnoException) => {
      await rm(aside, { recursive: true, force: true });
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  });
  return mirror;
}

/**
 * The first look at a target that a person named: what is no repository is refused at once.
 * @throws RolloutError `targetUnreachable` when there is no repository at the URL.
 */
export async function fetchNamed(mirror: Mirror): Promise<void> {
  try {
    await fetchMirror(mirror);
  } catch (error) {
    if (!(error instanceof GitError && /does not appear to be a git repository|not found/i.test(error.stderr)))
      throw error;
    throw new RolloutError(
      'targetUnreachable',
      withoutPassword(mirror.url),
      'is not a git repository; give the URL or path of one',
      { cause: error },
    );
  }
}

/**
 * Brings every branch and every `refs/joinpoint/*` of the origin here.
 * Every failure is transient: a repository that was there once is away, whatever git calls it.
 */
export async function fetchMirror(mirror: Mirror): Promise<void> {
  await inTurn(mirror.dir, async () => {
    try {
      await runGit(mirror.dir, [
        'fetch',
        '--quiet',
        '--prune',
        '--no-tags',
        '--no-write-fetch-head',
        '--no-auto-maintenance',
        'origin',
      ]);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      await removeStaleLock(error.stderr);
      throw error;
    }
  });
}

/** git leaves a lock file behind when the machine dies under it; one older than any fetch is removed, so that the next try gets through. */
async function removeStaleLock(stderr: string): Promise<void> {
  const lock = /Unable to create '([^']+\.lock)': File exists/.exec(stderr)?.[1];
  if (!lock) return;
  const age = await stat(lock).then(
    (found) => Date.now() - found.mtimeMs,
    () => 0,
  );
  if (age > 130_000) await rm(lock, { force: true });
}

/** The origin's head of `branch` as last fetched. */
export async function branchHead(mirror: Mirror, branch: string): Promise<string | undefined> {
  return resolveCommit(mirror, `refs/remotes/origin/${branch}`);
}

/** The commit that a revision names, or undefined when it names none here. */
export async function resolveCommit(mirror: Mirror, revision: string): Promise<string | undefined> {
  const { stdout, exitCode } = await runGit(mirror.dir, ['rev-parse', '--quiet', '--verify', `${revision}^{commit}`], {
    allow: [1, 128],
  });
  return exitCode === 0 ? stdout.trim() : undefined;
}

/** The head of the target branch. @throws RolloutError `branchMissing`. */
export async function targetHead(mirror: Mirror, branch: string): Promise<string> {
  const head = await branchHead(mirror, branch);
  if (head === undefined) {
    throw new RolloutError(
      'branchMissing',
      `${withoutPassword(mirror.url)}#${branch}`,
      'the target has no such branch; create it or name another with --branch',
    );
  }
  return head;
}

export async function isAncestor(mirror: Mirror, ancestor: string, descendant: string): Promise<boolean> {
  return (
    (await runGit(mirror.dir, ['merge-base', '--is-ancestor', ancestor, descendant], { allow: [1] })).exitCode === 0
  );
}

/** A URL as it may be shown: without the token or password that it may hold. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1');
}
