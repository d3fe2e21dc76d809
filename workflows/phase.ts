/** A phase: what it is given, what may come of it, and what its steps share. */
import { ParentClosePolicy, setCurrentDetails, setHandler, startChild, workflowInfo } from '@temporalio/workflow';
import type { Check, Waivers } from '../gates/check.js';
import type { Verdict } from '../gates/verdict.js';
import { afterPart } from '../plan/override.js';
import { initialTasks, type TaskState, type TaskStates } from '../plan/phase-state.js';
import { phaseView } from '../plan/phase-view.js';
import { gateChecks, staticChecksOf } from '../plan/proofs.js';
import { phaseDetails } from '../plan/render-details.js';
import type { Compensation } from '../plan/rollout.js';
import type { NodeReport } from '../plan/status.js';
import type { PhaseInput, JoinPointInput, JoinPointResult } from './contracts.js';
import { Desk } from './desk.js';
import { joinPointId } from './ids.js';
import { phaseStatusQuery, reportSignal } from './messages.js';
import { joinMinutes, type Minutes, noMinutes } from './minutes.js';
import { OpenChildren } from './open-children.js';
import type { runJoinPoint } from './run-join-point.js';
import { rolloutAttributes } from './search-attributes.js';
import { Stillness } from './stillness.js';

export class Phase {
  tasks: TaskStates;
  /** The next number for a landing or evidence. */
  n: number;
  baseline: readonly Verdict[] | undefined;
  landed: readonly Compensation[];
  minutes: Minutes;
  /** What a person let through of the gates. */
  waivers: Waivers;
  /** How often each task was sent back by a join point. */
  readonly sentBack: Record<string, number>;
  readonly reports = new Map<string, NodeReport>();
  readonly desk: Desk;
  readonly stillness: Stillness;
  readonly children = new OpenChildren();
  readonly subject: string;

  constructor(readonly input: PhaseInput) {
    this.subject = `phase ${input.phase.id}`;
    this.tasks = input.tasks ?? initialTasks(input.phase);
    this.n = input.n;
    this.baseline = input.carried?.baseline;
    this.landed = input.carried?.landed ?? input.earlier?.landed ?? [];
    this.sentBack = { ...input.carried?.sentBack };
    this.minutes = input.carried?.minutes ?? noMinutes;
    this.waivers = input.carried?.waivers ?? {};
    this.desk = new Desk({ subject: this.subject, uid: input.rollout.uid }, () => this.refresh());
    this.stillness = new Stillness(input.paused, (still) => this.children.holdStill(still));
    setHandler(reportSignal, (report) => {
      this.reports.set(report.node, report);
      this.refresh();
    });
    setHandler(phaseStatusQuery, () =>
      phaseView(input.phase, workflowInfo().workflowId, this.tasks, [...this.reports.values()], this.desk.questions),
    );
  }

  gates(): readonly Check[] {
    return gateChecks([...this.input.plan.gates, ...this.input.phase.gates]);
  }

  setTask(id: string, state: TaskState): void {
    this.tasks = { ...this.tasks, [id]: state };
    this.refresh();
  }

  private refresh(): void {
    const { id, title } = this.input.phase;
    setCurrentDetails(
      phaseDetails(`Phase ${id}, ${title}`, this.tasks, [...this.reports.values()], this.desk.questions),
    );
  }

  /** Runs a join point, once the rollout is not paused: the phase's own, or that of one task which lands by itself. */
  async joinPoint(
    own: Pick<JoinPointInput, 'subject' | 'writer' | 'units' | 'closes'>,
    task?: string,
  ): Promise<JoinPointResult> {
    const { rollout, phase } = this.input;
    const workflowId = joinPointId(rollout.name, phase.id, task);
    await this.stillness.over();
    const { waivers } = this;
    try {
      const result = await this.children.run(workflowId, () =>
        startChild<typeof runJoinPoint>('runJoinPoint', {
          workflowId,
          parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
          staticSummary: phase.joinPoint.title ?? own.subject,
          typedSearchAttributes: rolloutAttributes(rollout.name, phase.id),
          args: [{ ...this.joinPointInput(), ...own, ...(own.closes && { minutesBefore: this.minutes }) }],
        }),
      );
      this.minutes = joinMinutes(this.minutes, result.minutes ?? noMinutes);
      if (result.outcome === 'landed') this.waivers = afterPart(this.waivers, waivers, result.waivers);
      return result;
    } finally {
      for (const node of [own.subject, `landing of ${own.subject}`, `undo of ${own.subject}`])
        this.reports.delete(node);
    }
  }

  private joinPointInput(): Omit<JoinPointInput, 'subject' | 'writer' | 'units' | 'closes'> {
    const { rollout, plan, phase } = this.input;
    const { tasks: _, ...bare } = phase;
    return {
      rollout,
      phase: bare,
      n: this.n++,
      staticChecks: staticChecksOf(plan),
      gates: this.gates(),
      baseline: this.baseline ?? [],
      approval: phase.joinPoint.approval ?? plan.defaults.approval,
      signOff: phase.joinPoint.signOff ?? plan.defaults.signOff,
      onFailure: phase.onFailure ?? plan.defaults.onFailure,
      waivers: this.waivers,
      landedBefore: this.landed,
      authors: phase.tasks.flatMap(({ agent }) =>
        plan.agents[agent]?.kind === 'human' ? plan.agents[agent].people : [],
      ),
      reportTo: workflowInfo().workflowId,
      paused: this.stillness.isStill,
    };
  }
}
