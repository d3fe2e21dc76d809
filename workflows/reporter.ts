/** Tells the phase (or rollout) what a task, join point or landing is doing, in order and only when it changed. */
import { getExternalWorkflowHandle, log, workflowInfo } from '@temporalio/workflow';
import type { NodeReport } from '../plan/status.js';
import { reportSignal } from './messages.js';

export type Report = Pick<NodeReport, 'status' | 'questions'> &
  Partial<Pick<NodeReport, 'verdicts' | 'until' | 'landed'>>;

export class Reporter {
  private latest: NodeReport | undefined;
  /** The last report as text, to be compared with. */
  private told = '';
  private sending: Promise<void> | undefined;

  constructor(
    private readonly to: string,
    private readonly node: string,
  ) {}

  /** Tells the latest, unless that was told last; what was overtaken while another report was under way is never sent. */
  tell(report: Report): void {
    const text = JSON.stringify(report);
    if (text === this.told) return;
    this.told = text;
    this.latest = { ...report, node: this.node, workflowId: workflowInfo().workflowId };
    this.sending ??= this.send();
  }

  /** Waits until what was told is delivered; call it before the workflow ends. */
  async settle(): Promise<void> {
    await this.sending;
  }

  private async send(): Promise<void> {
    while (this.latest) {
      const report = this.latest;
      this.latest = undefined;
      try {
        await getExternalWorkflowHandle(this.to).signal(reportSignal, report);
      } catch (error) {
        // Whoever shows it may be gone, as after an abort; the work itself does not depend on being shown.
        log.warn(`report to ${this.to} was not delivered`, { error });
      }
    }
    // At once, and not when this promise is settled: what is told in between would wait for the next report.
    this.sending = undefined;
  }
}
