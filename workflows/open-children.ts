/** The work that a phase has under way at once: what is open, what ended since the last look, what failed. */
import {
  type ChildWorkflowHandle,
  isCancellation,
  log,
  type Workflow,
  type WorkflowResultType,
} from '@temporalio/workflow';
import { holdStillSignal } from './messages.js';

export class OpenChildren {
  private readonly pieces = new Map<string, Promise<void>>();
  /** By workflow id, once it is being started. */
  private readonly starts = new Map<string, Promise<Pick<ChildWorkflowHandle<Workflow>, 'signal'>>>();
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

  /** Runs a child workflow, known by its id from its start on: `start` gives it what is so now, and `holdStill` tells it what changes. */
  async run<W extends Workflow>(
    workflowId: string,
    start: () => Promise<ChildWorkflowHandle<W>>,
  ): Promise<WorkflowResultType<W>> {
    const started = start();
    this.starts.set(workflowId, started);
    try {
      return await (await started).result();
    } finally {
      this.starts.delete(workflowId);
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

  /** Passes a pause or its end on to every open child; to one that is being started, as soon as it can hear. */
  holdStill(still: boolean): void {
    for (const [workflowId, started] of this.starts)
      started
        .then((child) => child.signal(holdStillSignal, still))
        .catch((error: unknown) => log.info(`${workflowId} ended before a pause reached it`, { error }));
  }
}
