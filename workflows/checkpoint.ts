/** Leaves what a join point leaves: evidence in the store, and an annotated tag on the commit that was proven. */
import type { Verdict } from '../gates/verdict.js';
import type { Checkpoint, Compensation, RolloutRef } from '../plan/rollout.js';
import type { Phase } from '../plan/schema.js';
import { verdictLines } from '../plan/status.js';
import type { Desk } from './desk.js';
import { engine } from './engine.js';
import type { Minutes } from './minutes.js';
import { noteDecision } from './prove.js';
import { untilDone } from './until-done.js';

export interface CheckpointRequest {
  readonly rollout: RolloutRef;
  readonly phase: Omit<Phase, 'tasks'>;
  readonly subject: string;
  readonly writer: string;
  /** What was proven, and signed off. */
  readonly commit: string;
  readonly n: number;
  readonly minutes: Minutes;
  readonly landed: readonly Compensation[];
  readonly baseline: readonly Verdict[];
  readonly verdicts: readonly Verdict[];
}

/** An origin that takes no tags for good is a person's to decide on: without its tag the checkpoint goes by its commit. */
export async function leaveCheckpoint(desk: Desk, request: CheckpointRequest): Promise<Checkpoint> {
  const { rollout, phase, subject, writer, commit, n } = request;
  const at = Date.now();
  const { evidence } = await untilDone(desk, subject, () =>
    engine(rollout.settings, 'evidence of the checkpoint').recordEvidence({
      rollout,
      writer,
      path: `checkpoint-${n}.json`,
      content: JSON.stringify(contentOf(request, at), null, 2),
      at,
    }),
  );
  const message = `${rollout.title}: checkpoint of phase ${phase.id}, ${phase.title}\n\nJoinpoint-Rollout: ${rollout.uid}\nEvidence: ${evidence}`;
  const tag = `joinpoint/${rollout.uid}/${phase.id}-${n}`;
  const tagged = await desk.insist(
    subject,
    () => engine(rollout.settings, 'tag the checkpoint').tagCheckpoint({ rollout, tag, commit, message, at }),
    ['skip'],
  );
  const left = { phase: phase.id, commit, evidence, at };
  if ('done' in tagged) return { ...left, tag };
  await noteDecision(request, tagged.closed, `the checkpoint of phase ${phase.id} has no tag`);
  return { ...left, tag: commit.slice(0, 12) };
}

/** Who answered is claimed, not proven: nothing but Temporal's own authorisation proves it. */
function contentOf({ phase, commit, minutes, landed, baseline, verdicts }: CheckpointRequest, at: number) {
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
