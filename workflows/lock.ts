/** Takes a target's lock by starting its landing: the workflow id is the lock (design.md, The lock). */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  type ChildWorkflowHandle,
  condition,
  getExternalWorkflowHandle,
  log,
  ParentClosePolicy,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { LandInput, LandResult } from './contracts.js';
import { landId } from './ids.js';
import type { land } from './land.js';
import { holdStillSignal, lockFreedSignal, waitForLockSignal } from './messages.js';

/** Covers a holder that was terminated and could not tell its waiters. */
const lookAgainAfter = '1h';

export class LandingLock {
  private freed = false;
  private child: ChildWorkflowHandle<typeof land> | undefined;

  constructor(private readonly tell: (status: string) => void) {
    setHandler(lockFreedSignal, () => {
      this.freed = true;
    });
  }

  /** Passes a pause on to the landing that this workflow has open, if any. */
  holdStill(still: boolean): void {
    this.child
      ?.signal(holdStillSignal, still)
      .catch((error: unknown) => log.info('a pause came when the landing had ended', { error }));
  }

  /** Runs a landing, after whoever holds the lock; as a child, so that cancelling the caller stops it between its steps. */
  async land(input: LandInput): Promise<LandResult> {
    const workflowId = landId(input.rollout);
    for (;;) {
      this.freed = false;
      this.child = await tryToStart(workflowId, input);
      if (this.child) return this.child.result().finally(() => (this.child = undefined));
      this.tell(`waits for the lock: another landing holds ${input.rollout.branch} (workflow ${workflowId})`);
      if (await signalHolder(workflowId))
        await condition(() => this.freed, lookAgainAfter, { summary: 'look whether the lock is free' });
    }
  }
}

/** Undefined when somebody else holds the lock. */
async function tryToStart(workflowId: string, input: LandInput): Promise<ChildWorkflowHandle<typeof land> | undefined> {
  try {
    return await startChild<typeof land>('land', {
      workflowId,
      args: [input],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: `${input.rollout.name}: ${input.node}`,
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}

/** False when the holder has closed meanwhile: the lock is free. */
async function signalHolder(workflowId: string): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(waitForLockSignal, workflowInfo().workflowId);
    return true;
  } catch (error) {
    log.info(`${workflowId} closed before it could be asked for the lock`, { error });
    return false;
  }
}
