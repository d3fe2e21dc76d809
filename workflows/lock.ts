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
import type { Undone } from '../plan/landed.js';
import type { Compensation } from '../plan/rollout.js';
import type { LandInput, LandResult } from './contracts.js';
import { landId } from './ids.js';
import type { land } from './land.js';
import { holdStillSignal, lockFreedSignal, lockHeldSignal, waitForLockSignal } from './messages.js';
import { rolloutAttributes } from './search-attributes.js';

/** Covers a holder that was terminated and could not tell its waiters. */
const lookAgainAfter = '1h';

export class LandingLock {
  private freed = false;
  /** The target's branch, while this waits for its lock. */
  private awaited: string | undefined;
  /** The landing that this workflow has open, once it is being started. */
  private start: Promise<ChildWorkflowHandle<typeof land> | undefined> | undefined;

  /** @param isStill says whether the rollout is paused; left out where all that is landed is an undo, which no pause stops. */
  constructor(
    private readonly tell: (status: string) => void,
    private readonly isStill = () => false,
  ) {
    setHandler(lockFreedSignal, () => {
      this.freed = true;
    });
    setHandler(lockHeldSignal, (holder) => {
      if (this.awaited && !this.freed) this.tell(`waits for the lock: ${holder} holds ${this.awaited}`);
    });
  }

  /** Passes a pause or its end on to the landing that this workflow has open, if any; to one that is being started, as soon as it can hear. */
  holdStill(still: boolean): void {
    this.start
      ?.then((child) => child?.signal(holdStillSignal, still))
      .catch((error: unknown) => log.info('a pause came when the landing had ended', { error }));
  }

  /** Runs a landing, after whoever holds the lock; as a child, so that cancelling the caller stops it between its steps. */
  async land(input: LandInput): Promise<LandResult> {
    const workflowId = landId(input.rollout);
    for (;;) {
      if (this.isStill() && input.job.kind === 'candidate') await this.overPause();
      this.freed = false;
      this.start = tryToStart(workflowId, input);
      const child = await this.start;
      if (child) {
        this.tellStarted(input);
        return child.result().finally(() => (this.start = undefined));
      }
      this.start = undefined;
      this.awaited = input.rollout.branch;
      this.tell(`waits for the lock: another landing holds ${this.awaited} (workflow ${workflowId})`);
      if (await signalHolder(workflowId))
        await condition(() => this.freed, lookAgainAfter, { summary: 'look whether the lock is free' });
    }
  }

  /** Runs an undo, also while the rollout is paused, and returns what it came to. */
  async undo(
    input: Omit<LandInput, 'job' | 'paused'>,
    compensations: readonly Compensation[],
    reason: string,
  ): Promise<Undone> {
    const result = await this.land({ ...input, paused: false, job: { kind: 'undo', compensations, reason } });
    if (result.outcome !== 'undone') throw new Error(`${input.node}: an undo ended as ${result.outcome}`);
    return result;
  }

  /** A paused landing that took the lock would keep it from everybody else. */
  private async overPause(): Promise<void> {
    this.tell('paused, before it takes the lock');
    await condition(() => !this.isStill());
  }

  private tellStarted({ job }: LandInput): void {
    if (this.awaited) this.tell(job.kind === 'candidate' ? 'lands' : 'undoes what landed');
    this.awaited = undefined;
  }
}

/** Undefined when somebody else holds the lock. */
async function tryToStart(workflowId: string, input: LandInput): Promise<ChildWorkflowHandle<typeof land> | undefined> {
  try {
    return await startChild<typeof land>('land', {
      workflowId,
      args: [input],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      typedSearchAttributes: rolloutAttributes(input.rollout.name, input.phase),
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
