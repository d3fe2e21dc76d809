/** The work that a phase has under way at once: what is open, what ended since the last look, what failed. */
import {
  type ChildWorkflowHandle,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  type Workflow,
  type WorkflowResultType,
} from '@temporalio/workflow';
import { holdStillSignal } from './messages.js';

export class OpenChildren {
  private readonly pieces = new Map<string, Promise<void>>();
  private readonly workflowIds = new Set<string>();
  private still = false;
  private ended = 0;
  private seen = 0;
  private failure: { readonly error: unknown } | undefined;

  get isEmpty(): boolean {
    return this.pieces.size === 0;
  }

  has(key: string): boolean {
    return this.pieces.has(key);
  }

  /** Begins a piece of work; its failure is kept for `rethrow`. */
  begin(key: string, work: () => Promise<void>): void {
    const piece = work()
      .catch((error: unknown) => {
        // A cancellation is the phase's own; it sees it where it waits.
        if (!isCancellation(error)) this.failure ??= { error };
      })
      .finally(() => {
        this.pieces.delete(key);
        this.ended++;
      });
    this.pieces.set(key, piece);
  }

  /** Runs a child workflow, known by its id while it is open; a pause that came while it was being started is passed on then. */
  async run<W extends Workflow>(
    workflowId: string,
    start: () => Promise<ChildWorkflowHandle<W>>,
  ): Promise<WorkflowResultType<W>> {
    const before = this.still;
    const child = await start();
    if (this.still !== before) tell(workflowId, this.still);
    this.workflowIds.add(workflowId);
    try {
      return await child.result();
    } finally {
      this.workflowIds.delete(workflowId);
    }
  }

  hasNews(): boolean {
    return this.ended > this.seen;
  }

  /** Takes note of what ended; throws the first failure. */
  rethrow(): void {
    this.seen = this.ended;
    if (this.failure) throw this.failure.error;
  }

  async allEnded(): Promise<void> {
    await Promise.allSettled(this.pieces.values());
  }

  /** Passes a pause or its end on to every open child. */
  holdStill(still: boolean): void {
    this.still = still;
    for (const workflowId of this.workflowIds) tell(workflowId, still);
  }
}

function tell(workflowId: string, still: boolean): void {
  getExternalWorkflowHandle(workflowId)
    .signal(holdStillSignal, still)
    .catch((error: unknown) => log.info(`${workflowId} ended before a pause reached it`, { error }));
}
