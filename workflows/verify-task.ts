/** Verifies a task's work: done means verified by joinpoint, never claimed by an agent. */
import type { PullRequestTick } from '../activities/forge/forge.js';
import type { Check } from '../gates/check.js';
import { feedbackOf, overall, type Verdict } from '../gates/verdict.js';
import { proofsOf } from '../plan/proofs.js';
import type { RolloutRef } from '../plan/rollout.js';
import type { Task } from '../plan/schema.js';
import { engine } from './engine.js';

export interface VerifyRequest {
  readonly rollout: RolloutRef;
  readonly task: Task;
  readonly staticChecks: readonly Check[];
  /** Names this verification in the task's chain. */
  readonly key: string;
  readonly base: string;
  readonly head: string;
}

export type Verification =
  | { readonly verified: true }
  | {
      readonly verified: false;
      /** For the agent; at most 4,000 characters. */
      readonly feedback: string;
      /** No attempt of the agent would change it: a check could not be made. */
      readonly needsPerson: boolean;
    };

/** Files inside `files`, static checks no worse than at the base, every deliverable's check. */
export async function verifyTask({
  rollout,
  task,
  staticChecks,
  key,
  base,
  head,
}: VerifyRequest): Promise<
  Verification & { readonly head: string; readonly verdicts: readonly Verdict[]; readonly evidence: string }
> {
  const { checks } = proofsOf(task.deliverables, `${task.id}/d`);
  const { verdicts, evidence } = await engine(rollout.settings, `verify ${task.id}`).runChecks({
    rollout,
    writer: `task-${task.id}`,
    key,
    commit: head,
    base,
    files: task.files,
    checks: [...staticChecks, ...checks],
    at: Date.now(),
  });
  const status = overall(verdicts);
  if (status === 'passed') return { head, verdicts, evidence, verified: true };
  const feedback = verdicts
    .filter((verdict) => verdict.status === status)
    .map(feedbackOf)
    .join('\n\n');
  return {
    head,
    verdicts,
    evidence,
    verified: false,
    needsPerson: status === 'inconclusive',
    feedback: feedback.slice(0, 4000),
  };
}

/** A tick on the pull request for each deliverable whose check passed. */
export function provenBy(verdicts: readonly Verdict[], checks: readonly Check[]): PullRequestTick[] {
  return checks.flatMap(({ id }) => {
    const verdict = verdicts.find((one) => one.id === id);
    return verdict?.status === 'passed' ? [{ id: idInPullRequest(id), by: 'joinpoint', evidence: verdict.why }] : [];
  });
}

/** `1.1/d3` is `d3` within its own pull request. */
export function idInPullRequest(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}
