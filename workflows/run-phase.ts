/** A phase: its task graph on the agents' lanes, then its join point; holds after a rollback until a person says how to go on. */
import { CancellationScope, isCancellation, TemporalFailure } from '@temporalio/workflow';
import type { Verdict } from '../gates/verdict.js';
import { readyWork, stopped } from '../plan/phase-state.js';
import type { PhaseInput, PhaseResult, JoinPointResult } from './contracts.js';
import { engine, rootMessage } from './engine.js';
import { Phase } from './phase.js';
import { settle } from './settle-join-point.js';
import { targetHead } from './target-head.js';
import { untilDone } from './until-done.js';
import { workOff } from './work-off.js';

export async function runPhase(input: PhaseInput): Promise<PhaseResult> {
  const phase = new Phase(input);
  const scope = new CancellationScope();
  try {
    return await scope.run(() => untilItEnds(phase));
  } catch (error) {
    // Anything else is a run that goes on as a new one, or a mistake in this code.
    if (!(error instanceof TemporalFailure)) throw error;
    scope.cancel();
    await CancellationScope.nonCancellable(() => phase.children.allEnded());
    const left = { n: phase.n, tasks: stopped(phase.tasks) };
    return isCancellation(error)
      ? { outcome: 'stopped', ...left }
      : { outcome: 'failed', why: rootMessage(error), ...left };
  }
}

async function untilItEnds(phase: Phase): Promise<PhaseResult> {
  // What is broken while somebody works on the cluster would count as broken before, for the whole phase.
  await phase.stillness.over();
  phase.baseline ??= await untilDone(phase.desk, phase.subject, () => takeBaseline(phase));
  for (;;) {
    await workOff(phase);
    const end = await settle(phase, await close(phase));
    if (end) return end;
  }
}

/** What the gates say before anything is done: only what gets worse than this is a failure. A retried phase finds its first one. */
async function takeBaseline(open: Phase): Promise<readonly Verdict[]> {
  const { rollout, phase, n, earlier } = open.input;
  const checks = open.gates();
  if (checks.length === 0) return [];
  const { verdicts } = await engine(rollout.settings, 'baseline').runChecks({
    rollout,
    writer: `phase-${phase.id}`,
    key: `baseline-${earlier?.baselineN ?? n}`,
    commit: await targetHead(rollout),
    once: true,
    checks,
    at: Date.now(),
  });
  return verdicts;
}

/** The phase's own join point, with whatever has not landed by itself. */
function close(phase: Phase): Promise<JoinPointResult> {
  const { id, land, joinPoint } = phase.input.phase;
  return phase.joinPoint({
    subject: joinPoint.number ? `join point ${joinPoint.number} of phase ${id}` : `join point of phase ${id}`,
    writer: `join-${id}`,
    units: land === 'together' ? readyWork(phase.input.phase, phase.tasks) : [],
    closes: true,
  });
}
