/** A soak: a timer and one-shot gates at intervals; a late failure revokes an earlier pass. */
import { sleep } from '@temporalio/workflow';
import { proveUntilDecided, type Prover, type Round, runRound } from './prove.js';

export interface Soak {
  readonly lengthMs: number;
  readonly everyMs: number;
  /** The gates on what is on the target now; undefined where the plan has none. */
  readonly nextRound: ((summary: string) => Promise<Round>) | undefined;
  readonly tell: (status: string, until: number | undefined) => void;
}

/** So many rounds in a row without an answer make a question of it (design.md, Waiting). */
const missesBeforeAsking = 3;

/** Why the phase is to be undone, or undefined where it has held. */
export async function soak(prover: Prover, { lengthMs, everyMs, nextRound, tell }: Soak): Promise<string | undefined> {
  const until = Date.now() + lengthMs;
  let misses = 0;
  for (let round = 1; Date.now() < until; round++) {
    tell('soaks', until);
    await sleep(Math.min(everyMs, until - Date.now()), { summary: `soak of ${prover.subject}` });
    if (!nextRound) continue;
    const { outcome, why } = await runRound(prover, await nextRound(`soak round ${round}`));
    misses = outcome === 'inconclusive' ? misses + 1 : 0;
    if (outcome === 'passed' || (outcome === 'inconclusive' && misses < missesBeforeAsking)) continue;
    if (outcome === 'failed' && prover.onFailure === 'rollback') return `soak: ${why}`;
    tell('looks again after a failed soak round', until);
    const decided = await proveUntilDecided(prover, () => nextRound('gates again'));
    if (decided) return decided;
    misses = 0;
  }
  // What has not held at its end has not held: too few misses to ask before are asked about now.
  if (misses === 0 || !nextRound) return undefined;
  tell('looks again after a soak that ended without an answer', undefined);
  return proveUntilDecided(prover, () => nextRound('gates again'));
}
