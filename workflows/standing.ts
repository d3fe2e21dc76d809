/** What of a rollout's landings stands on its target. */
import { among } from '../plan/landed.js';
import type { Compensation, RolloutRef } from '../plan/rollout.js';
import { engine, terminalMessage } from './engine.js';

/** Those of `ledger` that stand, by git: a ledger also holds what was undone within a phase, and what was never pushed. */
export async function standingOf(
  rollout: RolloutRef,
  ledger: readonly Compensation[],
): Promise<readonly Compensation[]> {
  if (ledger.length === 0) return [];
  try {
    const { standing } = await engine(rollout.settings, 'what stands').readStanding({ rollout });
    return among(ledger, standing);
  } catch (error) {
    // An undo of them will meet the same, and asks a person about it.
    if (terminalMessage(error) === undefined) throw error;
    return ledger;
  }
}
