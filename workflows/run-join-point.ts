/** A join point: candidate, approval, landing, gates, soak, sign-off, checkpoint; whatever fails is undone and handed back to the phase. */
import { CancellationScope } from '@temporalio/workflow';
import { closePhase } from './close-phase.js';
import type { JoinPointInput, JoinPointResult } from './contracts.js';
import { JoinPoint } from './join-point.js';
import { landWork } from './land-work.js';

export async function runJoinPoint(input: JoinPointInput): Promise<JoinPointResult> {
  const point = new JoinPoint(input);
  try {
    if (input.units.length > 0) {
      const landed = await landWork(point);
      if (landed.outcome !== 'landed' || !input.closes) return landed;
    }
    return await closePhase(point);
  } finally {
    await CancellationScope.nonCancellable(() => point.reporter.settle());
  }
}
