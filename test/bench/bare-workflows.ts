/** What one would write by hand: a parent with one child workflow per task, and as many activities as the engine runs. */
import { executeChild, proxyActivities } from '@temporalio/workflow';
import type { EngineActivities, LaneActivities } from '../../activities/index.js';
import { agentQueue, engineQueue } from '../../workflows/ids.js';

export interface BareInput {
  readonly name: string;
  readonly tasks: number;
  /** Children open at once: the same as the agent's lane. */
  readonly concurrency: number;
  /** Activities on the engine's queue for each task, beside the one on its agent's lane. */
  readonly enginePerTask: number;
  /** Activities of the parent's own, so that both programs run the same number. */
  readonly rest: number;
}

const limits = { startToCloseTimeout: '6h', heartbeatTimeout: '30s' } as const;
const { updatePullRequest } = proxyActivities<EngineActivities>({ taskQueue: engineQueue, ...limits });
const { runAgent } = proxyActivities<LaneActivities>({ taskQueue: agentQueue('A'), ...limits });

export async function bareRollout({ name, tasks, concurrency, enginePerTask, rest }: BareInput): Promise<void> {
  let next = 1;
  const lane = async (): Promise<void> => {
    while (next <= tasks) await executeChild(bareTask, { workflowId: `${name}/task/${next++}`, args: [enginePerTask] });
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  for (let at = 0; at < rest; at++) await callEngine();
}

export async function bareTask(enginePerTask: number): Promise<void> {
  await callLane();
  for (let at = 0; at < enginePerTask; at++) await callEngine();
}

/** The stub reads nothing of what it is given. */
const callEngine = updatePullRequest as unknown as () => Promise<void>;
const callLane = runAgent as unknown as () => Promise<unknown>;
