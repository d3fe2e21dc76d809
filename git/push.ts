/** Pushes refs, and says what the origin made of it. */
import { RolloutError } from '../plan/rollout-error.js';
import { type Mirror, withoutPassword } from './mirror.js';
import { GitError, runGit } from './run.js';

export interface RefUpdate {
  readonly ref: string;
  readonly to: string;
  /** The commit that the origin's ref must have, `null` for none: a lease. Absent: a plain, unforced push. */
  readonly expected?: string | null;
}

/** `stale`: somebody else was first; fetch, look and decide anew. */
export type PushOutcome = 'pushed' | 'stale';

/**
 * Pushes all updates or none. A lease never rewinds here, since every update is a child of what it expects.
 * @throws RolloutError `targetRefused` when the origin's hook or branch protection declines.
 */
export async function pushRefs(mirror: Mirror, updates: readonly RefUpdate[]): Promise<PushOutcome> {
  const leases = updates.flatMap(({ ref, expected }) =>
    expected === undefined ? [] : [`--force-with-lease=${ref}:${expected ?? ''}`],
  );
  const specs = updates.map(({ ref, to }) => `${to}:${ref}`);
  const args = [
    'push',
    '--porcelain',
    '--no-verify',
    ...(updates.length > 1 ? ['--atomic'] : []),
    ...leases,
    'origin',
    ...specs,
  ];
  const { stdout, stderr, exitCode } = await runGit(mirror.dir, args, { allow: [1, 128] });
  if (exitCode === 0) return 'pushed';
  const rejected = stdout.split('\n').filter((line) => line.startsWith('!'));
  const answer = `${rejected.join('\n')}\n${stderr}`;
  const inTheWay = /'refs\/heads\/([^']+)' exists; cannot create 'refs\/heads\/([^']+)'/.exec(answer);
  if (inTheWay) {
    throw new RolloutError(
      'targetRefused',
      `branch ${inTheWay[2]}`,
      `cannot be beside branch ${inTheWay[1]} of ${withoutPassword(mirror.url)}: git keeps branches as files and folders; rename or remove that one, then retry`,
    );
  }
  if (
    /\((stale info|fetch first|non-fast-forward)\)|failed to update ref|cannot lock ref|reference already exists|incorrect old value|remote ref updated since checkout/.test(
      answer,
    )
  ) {
    return 'stale';
  }
  const declined = rejected.find((line) => /remote rejected/.test(line) && !/atomic/.test(line));
  if (declined) {
    const why = /\(([^)]*)\)\s*$/.exec(declined)?.[1] ?? 'no reason given';
    const said = stderr
      .split('\n')
      .filter((line) => line.startsWith('remote:'))
      .map((line) => line.slice(7).trim())
      .filter((line) => line !== '' && !line.startsWith('error: hook declined'))
      .join(' ');
    const what = /^!\t[^\t]*:(?:refs\/heads\/)?([^\t]+)\t/.exec(declined)?.[1] ?? 'it';
    throw new RolloutError(
      'targetRefused',
      withoutPassword(mirror.url),
      `refused the push to ${what}: ${why}${said ? ` (${said})` : ''}; allow joinpoint's user to push there, then retry`,
    );
  }
  throw new GitError(args, exitCode, stdout, stderr);
}
