/** Finds what keeps failing behind a rollout's back, from the server's records: no worker is needed. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { openWorkflows } from './list-rollouts.js';
import { type Session, within } from './session.js';

/** An activity, or a workflow's own step, that is tried again and again. */
export interface FailingWork {
  readonly workflowId: string;
  /** `landWave`, or `workflow task` for a workflow's own step. */
  readonly what: string;
  readonly attempt: number;
  /** The last failure; empty where the server keeps none. */
  readonly why: string;
  /** Milliseconds since the epoch, where a next attempt is planned. */
  readonly nextAt?: number;
}

/** One failed workflow task is what a killed worker leaves. */
const workflowTaskAttempts = 3;

/** Over the open workflows of a rollout. */
export async function failingWork(session: Pick<Session, 'client'>, rollout: string): Promise<readonly FailingWork[]> {
  const { client } = session;
  const ids = await openWorkflows(session, rollout);
  const described = await within(session, () =>
    Promise.allSettled(ids.map((workflowId) => client.workflow.getHandle(workflowId).describe())),
  );
  return described.flatMap((one) => (one.status === 'fulfilled' ? failingIn(one.value) : []));
}

function failingIn({ workflowId, raw }: WorkflowExecutionDescription): readonly FailingWork[] {
  const activities = (raw.pendingActivities ?? [])
    .filter(({ attempt }) => (attempt ?? 1) > 1)
    .map(({ activityType, attempt, lastFailure, scheduledTime }): FailingWork => {
      const nextAt = Number(scheduledTime?.seconds ?? 0) * 1_000;
      return {
        workflowId,
        what: activityType?.name ?? 'activity',
        attempt: attempt ?? 1,
        why: lastFailure?.message ?? '',
        ...(nextAt > 0 && { nextAt }),
      };
    });
  const taskAttempt = raw.pendingWorkflowTask?.attempt ?? 1;
  return taskAttempt < workflowTaskAttempts
    ? activities
    : [
        ...activities,
        {
          workflowId,
          what: 'workflow task',
          attempt: taskAttempt,
          why: 'its worker does not finish it; see the log of the worker',
        },
      ];
}
