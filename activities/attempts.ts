/** Attempts at a task, whoever makes them: each has its result recorded once, in the push that moves its branch. */
import { readBranch, type TaskBranch, taskChain } from '../git/branch.js';
import type { LaterStage } from '../git/fold-unit.js';
import type { Mirror } from '../git/mirror.js';
import type { RefUpdate } from '../git/push.js';
import { LostRace, readRecord, recordOnce } from '../git/store.js';
import { RolloutError } from '../plan/rollout-error.js';
import type { RolloutRef } from '../plan/rollout.js';
import type { Task } from '../plan/schema.js';

/** Which attempt: the key of its record. */
export interface Attempt {
  readonly rollout: RolloutRef;
  readonly task: Task;
  readonly agentName: string;
  readonly generation: number;
  readonly attempt: number;
  readonly branch: Pick<TaskBranch, 'branch' | 'base'>;
  /** Where the branch must be when the attempt begins and ends: the lease. */
  readonly head: string;
  readonly at: number;
}

export interface AttemptResult {
  readonly status: 'finished' | 'failed';
  /** Where the branch is now: a failed attempt's commits are kept, the next one goes on from them. */
  readonly head: string;
  readonly why: string;
  readonly summary: string;
  readonly comment?: string;
  /** Stages after the first that a playbook's commits are parted into. */
  readonly later?: readonly LaterStage[];
  /** The branch holds more than what the playbook makes of its base, as work of a person's: it is not to be made anew. */
  readonly isMixed?: true;
  /** Redacted, at most 1 KB. */
  readonly excerpt: string;
}

function attemptPath({ generation, attempt }: Attempt): string {
  return `attempts/${generation}-${attempt}.json`;
}

/** What is recorded of an attempt that was made already; reads what was fetched last. */
export async function recordedAttempt(mirror: Mirror, request: Attempt): Promise<AttemptResult | undefined> {
  const recorded = await readRecord(mirror, taskChain(request.rollout.uid, request.task.id), attemptPath(request));
  return recorded === undefined ? undefined : (JSON.parse(recorded) as AttemptResult);
}

export interface Attempted {
  readonly result: AttemptResult;
  readonly log: string;
}

/**
 * Records an attempt with its commits on the branch, in one push with a lease: a late twin of a lost attempt is refused and
 * gets what is recorded. Where the origin declines the commits (a secret in them, a rule of its branches) the attempt has
 * failed and none of them is kept; where somebody else pushed to the branch meanwhile it has failed and theirs stay.
 */
export async function recordAttempt(
  mirror: Mirror,
  request: Attempt,
  { result, log }: Attempted,
): Promise<AttemptResult> {
  const path = attemptPath(request);
  const record = async (made: AttemptResult, alongside: readonly RefUpdate[]): Promise<AttemptResult> => {
    const recorded = await recordOnce(mirror, taskChain(request.rollout.uid, request.task.id), {
      path,
      files: { [path]: JSON.stringify(made, null, 2), [path.replace(/json$/, 'log')]: log },
      message: `task ${request.task.id}: attempt ${request.generation}-${request.attempt}`,
      stamp: { author: 'joinpoint', at: request.at },
      keep: [made.head],
      alongside,
    });
    return JSON.parse(recorded) as AttemptResult;
  };
  const forward: RefUpdate = { ref: `refs/heads/${request.branch.branch}`, to: result.head, expected: request.head };
  try {
    return await record(result, result.head === request.head ? [] : [forward]);
  } catch (error) {
    if (error instanceof RolloutError && error.code === 'targetRefused' && result.head !== request.head)
      return record(refused(request, result, error), []);
    if (!(error instanceof LostRace)) throw error;
    const head = await readBranch(mirror, request.branch.branch, request.branch.base);
    if (head === request.head) throw error;
    return record(
      {
        ...result,
        status: 'failed',
        head,
        why: 'somebody pushed to the branch meanwhile; those commits stay, and the work starts again on them',
      },
      [],
    );
  }
}

/** A forge's own words are feedback: what it found in the commits is the agent's to mend. */
function refused({ head }: Attempt, { summary, excerpt }: AttemptResult, { message }: RolloutError): AttemptResult {
  return { status: 'failed', head, why: `could not push its work: ${message}`, summary, excerpt };
}
