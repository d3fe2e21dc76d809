/** A join point: candidate, approval, landing, gates, soak, sign-off, checkpoint; whatever fails is undone and handed back to the phase. */
import { CancellationScope } from '@temporalio/workflow';
import { stillThere } from '../plan/landed.js';
import { closePhase } from './close-phase.js';
import type { JoinPointInput, JoinPointResult } from './contracts.js';
import { JoinPoint } from './join-point.js';
import { landWork } from './land-work.js';

export async function runJoinPoint(input: JoinPointInput): Promise<JoinPointResult> {
  const point = new JoinPoint(input);
  try {
    const result = await landAndClose(point);
    if (result.outcome === 'rolledBack')
      point.minutes.history.push(`undone: ${result.why}${stillThere(result.standing)}`);
    return { ...result, minutes: point.minutes };
  } finally {
    await CancellationScope.nonCancellable(() => point.reporter.settle());
  }
}

async function landAndClose(point: JoinPoint): Promise<JoinPointResult> {
  const { units, closes } = point.input;
  if (units.length > 0) {
    const landed = await landWork(point);
    if (landed.outcome !== 'landed' || !closes) return landed;
  }
  return closePhase(point);
}
