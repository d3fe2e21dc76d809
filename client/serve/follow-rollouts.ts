/** Gives every agent of every open rollout a lane, rollouts that start later included. */
import { setTimeout as delay } from 'node:timers/promises';
import { listRollouts } from '../list-rollouts.js';
import type { Session } from '../session.js';
import type { Serving } from './serving.js';

/** The agents of the open rollouts, sorted. */
export async function openAgents(session: Pick<Session, 'client'>): Promise<readonly string[]> {
  const rollouts = await listRollouts(session, 'open', 200);
  return [...new Set(rollouts.flatMap(({ memo }) => memo?.agents ?? []))].sort();
}

/** Looks at intervals until aborted; `onLanes` hears of lanes that were added. */
export async function followRollouts(
  session: Pick<Session, 'client'>,
  serving: Serving,
  everyMs: number,
  signal: AbortSignal,
  onLanes: (agents: readonly string[]) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const added = await serving.serve({ engine: false, agents: await openAgents(session) });
      if (added.length > 0) onLanes(added);
    } catch {
      // The server is away for a moment; the next look finds what this one missed.
    }
    await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
