/** Tells from the server's records alone whether there can be anything new to ask a rollout's workflows. */
import { WorkflowNotFoundError } from '@temporalio/client';
import { phaseId, rolloutId } from '../workflows/ids.js';
import { type Session, within } from './session.js';

/** Differs from an earlier one whenever the rollout or its open phase has gone on since; costs no worker anything. */
export async function historyMark(
  session: Pick<Session, 'client'>,
  name: string,
  openPhase: string | undefined,
): Promise<string> {
  const ids = [rolloutId(name), ...(openPhase === undefined ? [] : [phaseId(name, openPhase)])];
  return (await Promise.all(ids.map((id) => markOf(session, id)))).join(' ');
}

async function markOf(session: Pick<Session, 'client'>, workflowId: string): Promise<string> {
  try {
    const { runId, historyLength, status } = await within(session, () =>
      session.client.workflow.getHandle(workflowId).describe(),
    );
    return `${runId}:${historyLength}:${status.name}`;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'none';
    throw error;
  }
}
