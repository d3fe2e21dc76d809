/** What a rollout's workflow carries for whoever lists it, readable without a worker. */
import { z } from 'zod';
import type { Plan } from '../plan/schema.js';
import { withoutPassword } from '../git/mirror.js';
import { version } from './package-root.js';

/** `joinpointVersion` is the version that started it: the one that can surely replay it. */
export const RolloutMemo = z.object({
  joinpointVersion: z.string(),
  uid: z.string(),
  title: z.string(),
  /** Agents that need a lane; people need none. The server keeps no empty list. */
  agents: z.array(z.string()).default([]),
  repo: z.string(),
});
export type RolloutMemo = z.infer<typeof RolloutMemo>;

export function rolloutMemo(uid: string, plan: Plan, url: string): RolloutMemo {
  return { joinpointVersion: version, uid, title: plan.title, agents: laneAgents(plan), repo: withoutPassword(url) };
}

/** The agents of a plan that a worker must serve. */
export function laneAgents({ agents }: Pick<Plan, 'agents'>): string[] {
  return Object.entries(agents).flatMap(([name, { kind }]) => (kind === 'human' ? [] : [name]));
}
