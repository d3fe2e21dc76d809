/** Asks the server who works off a task queue. */
import type { Client } from '@temporalio/client';
import { agentQueue, engineQueue } from '../workflows/ids.js';
import { type Session, within } from './session.js';

export interface Poller {
  readonly identity: string;
  /** Milliseconds since the epoch; a living worker asks again within a minute. */
  readonly lastSeenAt: number;
}

const queueTypes = { workflows: 1, activities: 2 } as const;

/** A living worker asks again within a minute; one that has not for longer is gone. */
const remembersMs = 75_000;

export function isAlive({ lastSeenAt }: Poller, now = Date.now()): boolean {
  return now - lastSeenAt < remembersMs;
}

/** Who asked for work there lately; the server remembers a dead worker for some minutes, so `lastSeenAt` tells more. */
export async function pollersOf(
  session: Pick<Session, 'client'>,
  taskQueue: string,
  type: keyof typeof queueTypes,
): Promise<readonly Poller[]> {
  const { client } = session;
  const { pollers } = await within(session, () => describe(client, taskQueue, type));
  return (pollers ?? []).map(({ identity, lastAccessTime }) => ({
    identity: identity ?? '',
    lastSeenAt: Number(lastAccessTime?.seconds ?? 0) * 1_000,
  }));
}

function describe(client: Client, name: string, type: keyof typeof queueTypes) {
  return client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name },
    taskQueueType: queueTypes[type],
  });
}

export function enginePollers(session: Pick<Session, 'client'>): Promise<readonly Poller[]> {
  return pollersOf(session, engineQueue, 'workflows');
}

/** The agents among these whose lane nobody serves. */
export async function unservedAgents(
  session: Pick<Session, 'client'>,
  agents: readonly string[],
): Promise<readonly string[]> {
  const served = await Promise.all(
    agents.map(async (agent) =>
      (await pollersOf(session, agentQueue(agent), 'activities')).some((poller) => isAlive(poller)),
    ),
  );
  return agents.filter((_, at) => !served[at]);
}
