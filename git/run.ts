/** Runs git: one place for its environment, its errors and its time limit. */
import { execa } from 'execa';

/** A git command that exited non-zero; transient unless the caller knows better. */
export class GitError extends Error {
  override readonly name = 'GitError';

  constructor(
    readonly args: readonly string[],
    readonly exitCode: number | undefined,
    readonly stdout: string,
    readonly stderr: string,
  ) {
    super(`git ${args[0]}: exited ${exitCode ?? 'by a signal'}: ${gist(stderr)}`);
  }
}

/** The line of git's words that says what failed, without the password or token that a URL in it may hold. */
function gist(stderr: string): string {
  const lines = stderr.trim().split('\n');
  const line = lines.find((one) => /^(fatal|error): /.test(one)) ?? lines.at(-1);
  return line?.replace(/([a-z+]:\/\/)[^/@\s]*@/gi, '$1') || 'no message';
}

export interface GitOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Exit codes besides 0 that are an answer and not an error. */
  readonly allow?: readonly number[];
  /** `latin1` keeps one character a byte, for output that is counted in bytes. */
  readonly encoding?: 'utf8' | 'latin1';
}

export interface GitOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Longer than any healthy fetch of a GitOps repository; a hung transport is ended and retried. */
const timeoutMs = 120_000;

/** What git sets for its hooks would lead every command to the repository that joinpoint was called from. */
const notInherited = {
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_COMMON_DIR: undefined,
  GIT_OBJECT_DIRECTORY: undefined,
  GIT_PREFIX: undefined,
};

/** Hooks are somebody's own, and an agent can write them: its work tree shares the mirror's configuration. */
const ownConfig = ['-c', 'core.hooksPath=/dev/null'];

/**
 * Runs git in `dir` and returns its output as it is, without trimming.
 * Never prompts and speaks English, so that its messages can be read.
 * @throws GitError for an exit code that is not allowed.
 */
export async function runGit(dir: string, args: readonly string[], options: GitOptions = {}): Promise<GitOutput> {
  const { input, env, signal, allow = [], encoding = 'utf8' } = options;
  const result = await execa('git', [...ownConfig, ...args], {
    cwd: dir,
    env: { ...notInherited, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', ...env },
    input: input ?? '',
    reject: false,
    stripFinalNewline: false,
    encoding,
    maxBuffer: 256 * 1024 * 1024,
    timeout: timeoutMs,
    ...(signal && { cancelSignal: signal }),
  });
  if (result.isCanceled) throw signal?.reason ?? result.cause;
  const { exitCode, stdout, stderr } = result;
  if (exitCode === undefined || (exitCode !== 0 && !allow.includes(exitCode))) {
    throw new GitError(
      args,
      exitCode,
      stdout ?? '',
      result.timedOut ? `no answer within ${timeoutMs / 1000} s` : stderr || result.shortMessage || '',
    );
  }
  return { stdout, stderr, exitCode };
}

/** The output of a git command that answers in one line. */
export async function gitLine(dir: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  return (await runGit(dir, args, options)).stdout.trim();
}
