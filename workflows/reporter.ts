/** Tells the phase (or rollout) what a task, join point or landing is doing, in order and only when it changed. */
import { getExternalWorkflowHandle, log, workflowInfo } from '@temporalio/workflow';
import type { NodeReport } from '../plan/status.js';
import { reportSignal } from './messages.js';

export type Report = Pick<NodeReport, 'status' | 'questions'> & Partial<Pick<NodeReport, 'verdicts' | 'until'>>;

export class Reporter {
  private chain: Promise<void> = Promise.resolve();

  constructor(
    private readonly to: string,
    private readonly node: string,
  ) {}

  tell(report: Report): void {
    const full: NodeReport = { ...report, node: this.node, workflowId: workflowInfo().workflowId };
    this.chain = this.chain.then(async () => {
      try {
        await getExternalWorkflowHandle(this.to).signal(reportSignal, full);
      } catch (error) {
        // Whoever shows it may be gone, as after an abort; the work itself does not depend on being shown.
        log.warn(`report to ${this.to} was not delivered`, { error });
      }
    });
  }

  /** Waits until all that was told is delivered; call it before the workflow ends. */
  async settle(): Promise<void> {
    await this.chain;
  }
}
