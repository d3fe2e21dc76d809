/** How workflows call activities: time limits, heartbeats, and the summary that the Temporal UI shows. */
import { ActivityCancellationType, ActivityFailure, ApplicationFailure, proxyActivities } from '@temporalio/workflow';
import type { EngineActivities, LaneActivities } from '../activities/index.js';
import type { Settings } from '../plan/rollout.js';
import { agentQueue, engineQueue } from './ids.js';

/** Transient failures are retried for as long as it takes: a network may be away for a weekend. */
const retry = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' } as const;

/** Engine activities; checks may run for long, so the limit is generous and the heartbeat tells the dead from the slow. A round of checks that takes longer goes on where the limit cut it short. */
export function engine({ heartbeatMs }: Settings, summary: string): EngineActivities {
  return proxyActivities<EngineActivities>({
    taskQueue: engineQueue,
    startToCloseTimeout: '6h',
    heartbeatTimeout: heartbeatMs,
    retry,
    summary,
  });
}

/** The activities of an agent's lane, on whichever worker serves it; cancelling waits until the agent's process has ended. */
export function lane({ heartbeatMs }: Settings, agent: string, timeoutMs: number, summary: string): LaneActivities {
  return proxyActivities<LaneActivities>({
    taskQueue: agentQueue(agent),
    startToCloseTimeout: timeoutMs + 600_000,
    heartbeatTimeout: heartbeatMs,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry,
    summary,
  });
}

/** What went wrong at the bottom of what a child workflow or an activity reports. */
export function rootMessage(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? rootMessage(cause) : error instanceof Error ? error.message : String(error);
}

/** The message of a failure that no retry mends, or undefined for any other error. */
export function terminalMessage(error: unknown): string | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.nonRetryable ? cause.message : undefined;
}
