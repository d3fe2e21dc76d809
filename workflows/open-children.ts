/** The work that a phase has under way at once: what is open, what ended since the last look, what failed. */
import { getExternalWorkflowHandle, isCancellation, log } from '@temporalio/workflow';
import { holdStillSignal } from './messages.js';

export class OpenChildren {
  private readonly pieces = new Map<string, Promise<void>>();
  private readonly workflowIds = new Set<string>();
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

  /** Runs a child workflow, known by its id while it is open. */
  async run<T>(workflowId: string, child: () => Promise<T>): Promise<T> {
    this.workflowIds.add(workflowId);
    try {
      return await child();
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
    for (const workflowId of this.workflowIds) {
      getExternalWorkflowHandle(workflowId)
        .signal(holdStillSignal, still)
        .catch((error: unknown) => log.info(`${workflowId} ended before a pause reached it`, { error }));
    }
  }
}
