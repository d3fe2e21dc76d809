/** The target moved under an approved candidate: fold again, and decide whether the approval carries over. */
import { type Verdict, worstOf } from '../gates/verdict.js';
import type { Candidate } from '../git/fold.js';
import type { Compensation, RolloutRef } from '../plan/rollout.js';
import type { CandidateJob } from './contracts.js';
import { engine } from './engine.js';

export interface RefoldRequest {
  readonly rollout: RolloutRef;
  readonly job: CandidateJob;
  readonly before: Candidate;
  /** What has landed of it already. */
  readonly landed: readonly Compensation[];
  /** Counts the races lost in a row. */
  readonly race: number;
  /** Make the static checks before the push; otherwise the caller makes them with the gates. */
  readonly checkFirst: boolean;
}

export type Refolded =
  | {
      readonly candidate: Candidate;
      /** Of the static checks on the moved head; none where they are made later. */
      readonly verdicts: readonly Verdict[];
    }
  | { readonly why: string };

/** The rest of the candidate on the moved head, or why it has to be looked at anew: only unchanged patches are approved still, whose static checks pass or are no worse than what a person let through. */
export async function refold({ rollout, job, before, landed, race, checkFirst }: RefoldRequest): Promise<Refolded> {
  const key = `${job.key}-moved-${landed.length}-${race}`;
  const ids = landed.map(({ task, stage, n }) => `${task}/${stage}/${n}`);
  const folded = await engine(rollout.settings, 'fold on the moved head').foldCandidate({
    rollout,
    writer: job.writer,
    key,
    units: job.units,
    stages: job.stages,
    landed: ids,
    at: Date.now(),
  });
  if (folded.status === 'conflict')
    return { why: `the target moved and ${folded.task} no longer fits it (${folded.why ?? folded.files.join(', ')})` };
  const { candidate } = folded;
  if (!samePatches(before, candidate, new Set(ids)))
    return { why: 'the target moved and the patches are no longer those that were approved' };
  if (!checkFirst) return { candidate, verdicts: [] };
  const { verdicts } = await engine(rollout.settings, 'static checks on the moved head').runChecks({
    rollout,
    writer: job.writer,
    key,
    commit: candidate.head,
    base: candidate.onto,
    checks: job.staticChecks,
    at: Date.now(),
  });
  const worst = worstOf(verdicts);
  return worst ? { why: `the target moved, and on it ${worst.title}: ${worst.why}` } : { candidate, verdicts };
}

function samePatches(before: Candidate, after: Candidate, landed: ReadonlySet<string>): boolean {
  const patches = ({ waves }: Candidate): readonly string[] =>
    waves
      .flatMap(({ commits }) => commits)
      .filter(({ task, stage, n }) => !landed.has(`${task}/${stage}/${n}`))
      .map(({ task, stage, patchId }) => `${task}/${stage} ${patchId}`);
  const [left, right] = [patches(before), patches(after)];
  return left.length === right.length && left.every((patch, at) => patch === right[at]);
}
