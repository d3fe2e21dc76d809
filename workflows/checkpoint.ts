/** Leaves what a join point leaves: evidence in the store, and an annotated tag on the commit that was proven. */
import type { Verdict } from '../gates/verdict.js';
import type { Checkpoint, Compensation, RolloutRef } from '../plan/rollout.js';
import type { Phase } from '../plan/schema.js';
import { verdictLines } from '../plan/status.js';
import { engine } from './engine.js';
import type { Minutes } from './minutes.js';
import { targetHead } from './target-head.js';

export interface CheckpointRequest {
  readonly rollout: RolloutRef;
  readonly phase: Omit<Phase, 'tasks'>;
  readonly writer: string;
  readonly n: number;
  readonly minutes: Minutes;
  readonly landed: readonly Compensation[];
  readonly baseline: readonly Verdict[];
  readonly verdicts: readonly Verdict[];
}

export async function leaveCheckpoint(request: CheckpointRequest): Promise<Checkpoint> {
  const { rollout, phase, writer, n } = request;
  const at = Date.now();
  const commit = await targetHead(rollout);
  const { evidence } = await engine(rollout.settings, 'evidence of the checkpoint').recordEvidence({
    rollout,
    writer,
    path: `checkpoint-${n}.json`,
    content: JSON.stringify(contentOf(request, commit, at), null, 2),
    at,
  });
  const message = `${rollout.title}: checkpoint of phase ${phase.id}, ${phase.title}\n\nJoinpoint-Rollout: ${rollout.uid}\nEvidence: ${evidence}`;
  const { tag } = await engine(rollout.settings, 'tag the checkpoint').tagCheckpoint({
    rollout,
    tag: `joinpoint/${rollout.uid}/${phase.id}-${n}`,
    commit,
    message,
    at,
  });
  return { phase: phase.id, commit, tag, evidence, at };
}

/** Who answered is claimed, not proven: nothing but Temporal's own authorisation proves it. */
function contentOf({ phase, minutes, landed, baseline, verdicts }: CheckpointRequest, commit: string, at: number) {
  return {
    phase: { id: phase.id, title: phase.title, joinPoint: phase.joinPoint.title },
    commit,
    at: new Date(at).toISOString(),
    landed: landed.map(({ task, stage, n }) => `${task}/${stage}/${n}`),
    gates: { before: verdictLines(baseline), after: verdictLines(verdicts) },
    approvals: minutes.approvals.map(({ what, answer }) => ({
      what,
      action: answer.action,
      by: answer.by,
      identity: 'claimed',
      comment: answer.comment,
    })),
    ticks: minutes.ticks.map((tick) => ({ ...tick, identity: 'claimed' })),
    history: minutes.history,
  };
}
