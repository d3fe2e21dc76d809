/** Sends a person's answer to the workflow that asks. */
import { ApplicationFailure } from '@temporalio/common';
import {
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { exitCode } from './exit-code.js';
import { Refusal } from './refusal.js';
import { startsWorker } from './silence.js';
import { type Session, within } from './session.js';

/** A message that a workflow takes as an Update and as a Signal of the same name. */
export interface Message {
  readonly workflowId: string;
  /** `approve`, `pause`, `rollbackTo`. */
  readonly name: string;
  readonly argument: unknown;
}

const acceptedWithinMs = 5_000;

/** Sends it as an Update and returns what the workflow says. @throws Refusal with the workflow's own words when it refuses. */
export async function sendUpdate(session: Session, { workflowId, name, argument }: Message): Promise<string> {
  const { client, spell } = session;
  try {
    const handle = client.workflow.getHandle(workflowId);
    return await within(
      session,
      () => handle.executeUpdate<string, [unknown]>(name, { args: [argument] }),
      acceptedWithinMs,
    );
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError)
      throw new Refusal(spell(error.cause instanceof ApplicationFailure ? error.cause.message : error.message));
    if (error instanceof WorkflowNotFoundError) throw hasEnded(session, workflowId);
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isDeadline(error)) {
      throw new Refusal(
        `${workflowId}: did not take ${name} within ${acceptedWithinMs / 1_000} s; start a worker with: ${startsWorker(session)}, or leave the answer for later with --signal`,
        exitCode.failed,
      );
    }
    throw error;
  }
}

/** Leaves it as a Signal: kept by the server until a worker comes, judged then, and ignored with a warning if refused. */
export async function sendSignal(session: Session, { workflowId, name, argument }: Message): Promise<void> {
  try {
    await within(session, () => session.client.workflow.getHandle(workflowId).signal<[unknown]>(name, argument));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw hasEnded(session, workflowId);
    throw error;
  }
}

function hasEnded({ command }: Session, workflowId: string): Refusal {
  return new Refusal(`${workflowId}: has ended; look again with: ${command('status')}`);
}

const deadlineExceeded = 4;

function isDeadline(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if (isGrpcServiceError(at) && at.code === deadlineExceeded) return true;
  return false;
}
