/** A phase: its task graph on the agents' lanes, then its join point; holds after a rollback until a person says how to go on. */
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Verdict } from '../gates/verdict.js';
import { readyWork, stopped } from '../plan/phase-state.js';
import type { PhaseInput, PhaseResult, JoinPointResult } from './contracts.js';
import { engine } from './engine.js';
import { Phase } from './phase.js';
import { settle } from './settle-join-point.js';
import { targetHead } from './target-head.js';
import { workOff } from './work-off.js';

export async function runPhase(input: PhaseInput): Promise<PhaseResult> {
  const phase = new Phase(input);
  try {
    phase.baseline ??= await takeBaseline(phase);
    for (;;) {
      await workOff(phase);
      const end = await settle(phase, await close(phase));
      if (end) return end;
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => phase.children.allEnded());
    return { outcome: 'stopped', n: phase.n, tasks: stopped(phase.tasks) };
  }
}

/** What the gates say before anything is done: only what gets worse than this is a failure. */
async function takeBaseline(open: Phase): Promise<readonly Verdict[]> {
  const { rollout, phase, n } = open.input;
  const checks = open.gates();
  if (checks.length === 0) return [];
  const { verdicts } = await engine(rollout.settings, 'baseline').runChecks({
    rollout,
    writer: `phase-${phase.id}`,
    key: `baseline-${n}`,
    commit: await targetHead(rollout),
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
