/** Makes a join point's candidate and proves it as a whole: two clean diffs can still be wrong together. */
import type { Check } from '../gates/check.js';
import { feedbackOf, type Verdict, worstOf } from '../gates/verdict.js';
import type { Candidate } from '../git/fold.js';
import type { FoldUnit } from '../git/fold-unit.js';
import type { Reopening } from '../plan/phase-state.js';
import type { RolloutRef } from '../plan/rollout.js';
import type { Stage } from '../plan/schema.js';
import { engine } from './engine.js';

export interface CandidateRequest {
  readonly rollout: RolloutRef;
  readonly writer: string;
  /** Unique within the writer's chain for each attempt. */
  readonly key: string;
  readonly units: readonly FoldUnit[];
  /** By task: what its work has to prove, on the whole tree again. */
  readonly deliverables: Readonly<Record<string, readonly Check[]>>;
  readonly stages: readonly Stage[];
  readonly staticChecks: readonly Check[];
}

export type CandidateOutcome =
  | {
      readonly status: 'made';
      readonly candidate: Candidate;
      readonly verdicts: readonly Verdict[];
      readonly evidence: string;
    }
  /** Sent back: what does not fit is the agent's to mend, on top of the work that it has to fit. */
  | { readonly status: 'sentBack'; readonly reopening: Reopening; readonly verdicts: readonly Verdict[] };

/** Folds, then runs the static checks and every folded deliverable again on the whole tree. */
export async function makeCandidate(request: CandidateRequest): Promise<CandidateOutcome> {
  const folded = await fold(request, request.units, request.key);
  if (folded.status === 'conflict') {
    const what = folded.why ?? `your work conflicts with what lands before it, in ${folded.files.join(', ')}`;
    const feedback = `${what}: do it again on top of that`;
    return { status: 'sentBack', reopening: { task: folded.task, feedback, base: folded.onto }, verdicts: [] };
  }
  const { candidate } = folded;
  const { verdicts, evidence } = await prove(request, candidate, checksOf(request, request.units), request.key);
  if (worstOf(verdicts)?.status !== 'failed') return { status: 'made', candidate, verdicts, evidence };
  const failed = verdicts.filter(({ status }) => status === 'failed');
  return { status: 'sentBack', reopening: await findCulprit(request, failed), verdicts };
}

function fold({ rollout, writer, stages }: CandidateRequest, units: readonly FoldUnit[], key: string) {
  return engine(rollout.settings, `fold ${units.length} tasks`).foldCandidate({
    rollout,
    writer,
    key,
    units,
    stages,
    landed: [],
    at: Date.now(),
  });
}

function prove({ rollout, writer }: CandidateRequest, candidate: Candidate, checks: readonly Check[], key: string) {
  return engine(rollout.settings, 'prove the candidate').runChecks({
    rollout,
    writer,
    key,
    commit: candidate.head,
    base: candidate.onto,
    checks,
    at: Date.now(),
  });
}

function checksOf({ staticChecks, deliverables }: CandidateRequest, units: readonly FoldUnit[]): readonly Check[] {
  return [...staticChecks, ...units.flatMap(({ task }) => deliverables[task] ?? [])];
}

/**
 * The first task, in the order of the fold, with which one of the failed checks fails.
 * It is sent back onto what lands before it, so that its agent sees what it has to fit in with.
 */
async function findCulprit(request: CandidateRequest, failed: readonly Verdict[]): Promise<Reopening> {
  const ids = new Set(failed.map(({ id }) => id));
  const owner = failed.find(({ id }) => id.includes('/'))?.id.split('/')[0];
  let before: string | undefined;
  for (const [at, unit] of request.units.entries()) {
    const key = `${request.key}-first-${at + 1}`;
    const units = request.units.slice(0, at + 1);
    const folded = await fold(request, units, key);
    if (folded.status === 'conflict') break;
    const checks = checksOf(request, units).filter(({ id }) => ids.has(id));
    const { verdicts } = await prove(request, folded.candidate, checks, key);
    const worst = worstOf(verdicts);
    if (worst?.status === 'failed') return reopening(unit.task, worst, request.units.slice(0, at), before);
    before = folded.candidate.head;
  }
  // No prefix fails by itself: the whole does, so the owner of the check gets it, or else the last task.
  const task = owner ?? request.units.at(-1)!.task;
  return reopening(
    task,
    failed[0]!,
    request.units.filter((unit) => unit.task !== task),
    undefined,
  );
}

function reopening(task: string, verdict: Verdict, others: readonly FoldUnit[], base: string | undefined): Reopening {
  const together = others.length > 0 ? `together with ${others.map((unit) => unit.task).join(', ')} ` : '';
  return {
    task,
    feedback: `${together}${feedbackOf(verdict)}`,
    ...(base && { base }),
  };
}
