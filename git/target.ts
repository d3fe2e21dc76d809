/** Looks at a target before anything is started on it, and refuses what could not work. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { counted } from '../plan/counted.js';
import { RolloutError } from '../plan/rollout-error.js';
import { withoutPassword } from './mirror.js';
import { GitError, gitLine, runGit } from './run.js';

export interface TargetFound {
  /** An absolute path for a local repository, else the URL as given. */
  readonly url: string;
  readonly branch: string;
  readonly head: string;
}

/**
 * The target's branch and head, asked from the origin; changes nothing.
 * @throws RolloutError for what is no repository, has no such branch, or is a work tree whose branch is checked out.
 */
export async function inspectTarget(repo: string, wantedBranch: string | undefined): Promise<TargetFound> {
  const isLocal = existsSync(repo);
  if (!isLocal) refusePassword(repo);
  const url = isLocal ? resolve(repo) : repo;
  const branch = wantedBranch ?? (await defaultBranch(url));
  if (isLocal) await refuseCheckedOut(url, branch);
  const { stdout } = await lsRemote(url, [`refs/heads/${branch}`]);
  const head = stdout.split('\t')[0]?.trim();
  if (!head)
    throw new RolloutError(
      'branchMissing',
      `${withoutPassword(url)}#${branch}`,
      'the target has no such branch; name one with --branch',
    );
  return { url, branch, head };
}

/** A repository's URL stands in histories, screens and argument lists. */
function refusePassword(url: string): void {
  const user = /^([a-z+]+):\/\/([^/@]*)@/i.exec(url);
  if (!user || (!user[2]!.includes(':') && !/^https?$/i.test(user[1]!))) return;
  throw new RolloutError(
    'targetUnreachable',
    withoutPassword(url),
    "has a password or token in its URL, which would be written down wherever the URL is; give it to git's credential helper, and the URL without it",
  );
}

async function defaultBranch(url: string): Promise<string> {
  const { stdout } = await lsRemote(url, ['--symref', 'HEAD']);
  const branch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(stdout)?.[1];
  if (!branch)
    throw new RolloutError(
      'branchMissing',
      withoutPassword(url),
      'the target names no default branch, or is empty; name one with --branch',
    );
  return branch;
}

async function lsRemote(url: string, args: readonly string[]): Promise<{ readonly stdout: string }> {
  const [options, patterns] = [args.filter((arg) => arg.startsWith('--')), args.filter((arg) => !arg.startsWith('--'))];
  try {
    return await runGit(process.cwd(), ['ls-remote', ...options, '--', url, ...patterns]);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new RolloutError(
      'targetUnreachable',
      withoutPassword(url),
      `is not a git repository that answers (${lastLine(error.stderr)}); check the path or URL and your access`,
      { cause: error },
    );
  }
}

function lastLine(text: string): string {
  return (
    text
      .trim()
      .split('\n')
      .find((line) => line.startsWith('fatal:')) ??
    text.trim().split('\n').at(-1) ??
    ''
  );
}

/** git refuses a push to a branch that is checked out, and rightly: the person's files would no longer be the branch's. */
async function refuseCheckedOut(path: string, branch: string): Promise<void> {
  if (!statSync(path).isDirectory())
    throw new RolloutError('targetUnreachable', path, 'is a file, not a git repository; give a folder or a URL');
  const bare = await runGit(path, ['rev-parse', '--is-bare-repository'], { allow: [128] });
  if (bare.exitCode !== 0 || bare.stdout.trim() === 'true') return;
  const dirty = (await runGit(path, ['status', '--porcelain'])).stdout.trim();
  if (dirty) {
    throw new RolloutError(
      'targetRefused',
      path,
      `has ${counted(dirty.split('\n').length, 'uncommitted change')}; commit or stash them, and give its origin instead: a checked-out branch takes no push`,
    );
  }
  const checkedOut = await runGit(path, ['symbolic-ref', '--short', '--quiet', 'HEAD'], { allow: [1] });
  if (checkedOut.stdout.trim() !== branch) return;
  const origin = await gitLine(path, ['config', '--default', '', '--get', 'remote.origin.url']);
  throw new RolloutError(
    'targetRefused',
    path,
    `has ${branch} checked out and would refuse a push to it; give ${origin ? `its origin, ${withoutPassword(origin)}` : 'a bare clone (git clone --bare)'} instead`,
  );
}
