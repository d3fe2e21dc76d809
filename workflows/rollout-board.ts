/** What a rollout shows: its phases, what reports to it, what its reader should know. Shown by `status` and in the Temporal UI. */
import { setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import { joinPointName } from '../plan/phase-view.js';
import type { Question } from '../plan/question.js';
import { rolloutDetails } from '../plan/render-details.js';
import type { ManualTask } from '../plan/rollout.js';
import type { Phase } from '../plan/schema.js';
import type { NodeReport, Pause, PhaseLine, RolloutView } from '../plan/status.js';
import type { RolloutInput } from './contracts.js';
import { noteSignal, reportSignal, rolloutStatusQuery } from './messages.js';

export class RolloutBoard {
  readonly manualTasks: ManualTask[] = [];
  readonly notes: string[] = [];
  readonly phases: PhaseLine[];
  private readonly reports = new Map<string, NodeReport>();
  private readonly startedAt = Date.now();
  private status: RolloutView['status'] = 'running';
  private pause: Pause | undefined;

  /** @param questions are what the rollout itself asks. */
  constructor(
    private readonly input: RolloutInput,
    phases: readonly Phase[],
    private readonly questions: () => readonly Question[],
  ) {
    this.phases = phases.map((phase) => ({
      id: phase.id,
      title: phase.title,
      weeks: phase.weeks,
      status: 'planned',
      detail: '',
      joinPoint: joinPointName(phase),
      taskCount: phase.tasks.length,
    }));
    setHandler(rolloutStatusQuery, () => this.view());
    setHandler(reportSignal, (report) => this.take(report));
    setHandler(noteSignal, ({ text, manualTask }) => {
      this.notes.push(text);
      if (manualTask) this.manualTasks.push(manualTask);
    });
  }

  get isPaused(): boolean {
    return this.pause !== undefined;
  }

  /** Says that something changed which the board asks for when it is looked at. */
  refresh(): void {
    setCurrentDetails(rolloutDetails(this.view()));
  }

  setStatus(status: RolloutView['status']): void {
    this.status = status;
    this.refresh();
  }

  setPause(pause: Pause | undefined): void {
    this.pause = pause;
    this.refresh();
  }

  take(report: NodeReport): void {
    this.reports.set(report.node, report);
    this.refresh();
  }

  forgetReports(): void {
    this.reports.clear();
  }

  show(at: number, change: Partial<PhaseLine>): void {
    this.phases[at] = { ...this.phases[at]!, ...change };
    this.refresh();
  }

  /** A phase that begins, for the first time or again, has left nothing yet. */
  showOpen(at: number): void {
    const { left: _, ...line } = this.phases[at]!;
    this.phases[at] = { ...line, status: 'running', detail: '' };
    this.refresh();
  }

  /** A phase whose landings are undone has no checkpoint any more. */
  showUndone(at: number, why: string, left: PhaseLine['left'] & object): void {
    const { checkpoint: _, ...line } = this.phases[at]!;
    this.phases[at] = { ...line, status: 'undone', detail: why, left };
    this.refresh();
  }

  private view(): RolloutView {
    const { rollout, plan } = this.input;
    const { workflowId } = workflowInfo();
    const reports = [...this.reports.values()];
    const open = this.phases.find(({ status }) => status === 'running')?.id;
    return {
      name: rollout.name,
      uid: rollout.uid,
      title: plan.title,
      repo: rollout.repo,
      branch: rollout.branch,
      status: this.pause && this.status === 'running' ? 'paused' : this.status,
      startedAt: this.startedAt,
      phases: this.phases,
      ...(open && { openPhase: open }),
      questions: [
        ...this.questions().map((question) => ({ ...question, workflowId })),
        ...reports.flatMap((report) =>
          report.questions.map((question) => ({ ...question, workflowId: report.workflowId })),
        ),
      ],
      reports,
      manualTasks: this.manualTasks,
      notes: this.notes,
      ...(rollout.settings.soakAtMostMs !== undefined && { soakAtMostMs: rollout.settings.soakAtMostMs }),
      ...(this.pause && { pause: this.pause }),
    };
  }
}
