/** Sends a person's answer to the workflow that asks. */
import { ApplicationFailure } from '@temporalio/common';
import {
  type Client,
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { exitCode } from './exit-code.js';
import { Refusal } from './refusal.js';

/** A message that a workflow takes as an Update and as a Signal of the same name. */
export interface Message {
  readonly workflowId: string;
  /** `approve`, `pause`, `rollbackTo`. */
  readonly name: string;
  readonly argument: unknown;
}

const acceptedWithinMs = 5_000;

/** Sends it as an Update and returns what the workflow says. @throws Refusal with the workflow's own words when it refuses. */
export async function sendUpdate(client: Client, { workflowId, name, argument }: Message): Promise<string> {
  try {
    const handle = client.workflow.getHandle(workflowId);
    return await client.withDeadline(Date.now() + acceptedWithinMs, () =>
      handle.executeUpdate<string, [unknown]>(name, { args: [argument] }),
    );
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError)
      throw new Refusal(error.cause instanceof ApplicationFailure ? error.cause.message : error.message);
    if (error instanceof WorkflowNotFoundError)
      throw new Refusal(`${workflowId}: has ended; look again with: joinpoint status`);
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isDeadline(error)) {
      throw new Refusal(
        `${workflowId}: did not take ${name} within ${acceptedWithinMs / 1_000} s; start a worker with joinpoint worker, or leave the answer for later with --signal`,
        exitCode.failed,
      );
    }
    throw error;
  }
}

/** Leaves it as a Signal: kept by the server until a worker comes, judged then, and ignored with a warning if refused. */
export async function sendSignal(client: Client, { workflowId, name, argument }: Message): Promise<void> {
  try {
    await client.withDeadline(Date.now() + acceptedWithinMs, () =>
      client.workflow.getHandle(workflowId).signal<[unknown]>(name, argument),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError)
      throw new Refusal(`${workflowId}: has ended; look again with: joinpoint status`);
    throw error;
  }
}

const deadlineExceeded = 4;

function isDeadline(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if (isGrpcServiceError(at) && at.code === deadlineExceeded) return true;
  return false;
}
