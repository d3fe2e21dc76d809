/** A phase: its task graph on the agents' lanes, then its join point; holds after a rollback until a person says how to go on. */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Verdict } from '../gates/verdict.js';
import {
  initialTasks,
  isSettled,
  landableTasks,
  readyWork,
  reopen,
  stackOf,
  startableTasks,
  stopped,
  type TaskStates,
  unland,
  type Work,
} from '../plan/phase-state.js';
import { gateChecks } from '../plan/proofs.js';
import type { Checkpoint, Compensation, RolloutRef } from '../plan/rollout.js';
import type { Phase, Plan, Task } from '../plan/schema.js';
import { phaseView } from '../plan/phase-view.js';
import type { NodeReport } from '../plan/status.js';
import { type Closed, Desk } from './desk.js';
import { engine } from './engine.js';
import { joinPointId, taskId } from './ids.js';
import { phaseStatusQuery, reportSignal } from './messages.js';
import { noteToRollout } from './note.js';
import { foldUnits, type JoinPointInput, type JoinPointResult, type runJoinPoint } from './run-join-point.js';
import type { runTask, TaskInput } from './run-task.js';
import { rolloutAttributes } from './search-attributes.js';
import { OpenChildren } from './open-children.js';
import { Stillness } from './stillness.js';

export interface PhaseInput {
  readonly rollout: RolloutRef;
  readonly plan: Pick<Plan, 'agents' | 'defaults' | 'staticChecks' | 'gates'>;
  readonly phase: Phase;
  /** The first number for landings and evidence that this phase may use. */
  readonly n: number;
  readonly paused: boolean;
  /** What an earlier run of this phase left: its work is not done twice. */
  readonly tasks?: TaskStates;
  /** Set when a run of this phase goes on as a new one. */
  readonly carried?: {
    readonly baseline: readonly Verdict[];
    readonly landed: readonly Compensation[];
    readonly sentBack: Readonly<Record<string, number>>;
  };
}

export type PhaseResult = { readonly n: number; readonly tasks: TaskStates } & (
  | { readonly outcome: 'passed'; readonly checkpoint: Checkpoint }
  | { readonly outcome: 'skipped'; readonly by: string; readonly reason: string }
  /** Cancelled by its rollout; what has landed is the rollout's to undo. */
  | { readonly outcome: 'stopped' }
);

export async function runPhase(input: PhaseInput): Promise<PhaseResult> {
  return new PhaseRun(input).run();
}

class PhaseRun {
  private tasks: TaskStates;
  private n: number;
  private baseline: readonly Verdict[] | undefined;
  private landed: readonly Compensation[];
  private readonly sentBack: Record<string, number>;
  private startedInThisRun = 0;
  private readonly reports = new Map<string, NodeReport>();
  private readonly desk: Desk;
  private readonly stillness: Stillness;
  private readonly children = new OpenChildren();
  private readonly subject: string;

  constructor(private readonly input: PhaseInput) {
    this.subject = `phase ${input.phase.id}`;
    this.tasks = input.tasks ?? initialTasks(input.phase);
    this.n = input.n;
    this.baseline = input.carried?.baseline;
    this.landed = input.carried?.landed ?? [];
    this.sentBack = { ...input.carried?.sentBack };
    setHandler(reportSignal, (report) => void this.reports.set(report.node, report));
    setHandler(phaseStatusQuery, () =>
      phaseView(input.phase, workflowInfo().workflowId, this.tasks, [...this.reports.values()], this.desk.questions),
    );
    this.desk = new Desk(this.subject, () => undefined);
    this.stillness = new Stillness(input.paused, (still) => this.children.holdStill(still));
  }

  async run(): Promise<PhaseResult> {
    try {
      this.baseline ??= await this.takeBaseline();
      for (;;) {
        await this.workOff();
        const result = await this.joinPoint(this.closingInput());
        const end = await this.settle(result);
        if (end) return end;
      }
    } catch (error) {
      if (!isCancellation(error)) throw error;
      await CancellationScope.nonCancellable(() => this.children.allEnded());
      return { outcome: 'stopped', n: this.n, tasks: stopped(this.tasks) };
    }
  }

  /** What the gates say before anything is done: only what gets worse than this is a failure. */
  private async takeBaseline(): Promise<readonly Verdict[]> {
    const { rollout, phase, n } = this.input;
    const checks = this.gates();
    if (checks.length === 0) return [];
    const at = Date.now();
    const { head } = await engine(rollout.settings, 'read the target').openTarget({
      repo: rollout.repo,
      branch: rollout.branch,
      mintId: rollout.repoId,
      at,
    });
    return (
      await engine(rollout.settings, 'baseline').runChecks({
        rollout,
        writer: `phase-${phase.id}`,
        key: `baseline-${n}`,
        commit: head,
        checks,
        at,
      })
    ).verdicts;
  }

  private gates() {
    return gateChecks([...this.input.plan.gates, ...this.input.phase.gates]);
  }

  /** Runs tasks on their lanes until each is ready (or landed, where each lands by itself) or skipped. */
  private async workOff(): Promise<void> {
    const { phase, plan, rollout } = this.input;
    const isFull = (): boolean => this.startedInThisRun >= rollout.settings.tasksPerRun;
    const startable = (): readonly Task[] => {
      if (this.stillness.isStill || isFull()) return [];
      const landable = phase.land === 'each' ? landableTasks(phase, this.tasks) : [];
      return [
        ...startableTasks(phase, this.tasks, (agent) => plan.agents[agent]?.concurrency ?? 1),
        ...landable,
      ].filter(({ id }) => !this.children.has(id));
    };
    const isDone = (): boolean =>
      phase.land === 'together'
        ? isSettled(this.tasks)
        : Object.values(this.tasks).every(({ status }) => status === 'landed' || status === 'skipped');
    for (;;) {
      for (const task of startable()) {
        this.startedInThisRun++;
        this.children.begin(task.id, () => this.workOn(task));
      }
      if (this.children.isEmpty && isDone()) return;
      if (this.children.isEmpty && isFull()) await this.goOnAsNew();
      await condition(() => this.children.hasNews() || startable().length > 0);
      this.children.rethrow();
    }
  }

  /** Only between drained batches: a parent's new run would not know its old run's children. */
  private async goOnAsNew(): Promise<never> {
    await condition(allHandlersFinished);
    return continueAsNew<typeof runPhase>({
      ...this.input,
      n: this.n,
      paused: this.stillness.isStill,
      tasks: this.tasks,
      carried: { baseline: this.baseline ?? [], landed: this.landed, sentBack: this.sentBack },
    });
  }

  private async workOn(task: Task): Promise<void> {
    const state = this.tasks[task.id];
    if (state?.status === 'waiting') {
      this.tasks = { ...this.tasks, [task.id]: { status: 'working', start: state.start } };
      const result = await this.runTask(task, { start: state.start });
      this.tasks = {
        ...this.tasks,
        [task.id]:
          result.outcome === 'ready'
            ? { status: 'ready', work: result.work }
            : { status: 'skipped', reason: result.reason, by: result.by },
      };
      if (result.outcome === 'skipped')
        await noteToRollout(this.input.rollout.name, `task ${task.id}: skipped by ${result.by}: ${result.reason}`);
    }
    this.reports.delete(`task ${task.id}`);
    const now = this.tasks[task.id];
    if (this.input.phase.land === 'each' && now?.status === 'ready') await this.landAlone(task, now.work);
  }

  private runTask(task: Task, { start }: Pick<TaskInput, 'start'>) {
    const { rollout, plan, phase } = this.input;
    return executeChild<typeof runTask>('runTask', {
      workflowId: taskId(rollout.name, task.id),
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: `${task.id} ${task.title}`.slice(0, 180),
      typedSearchAttributes: rolloutAttributes(rollout.name, phase.id),
      args: [
        {
          rollout,
          phase: { id: phase.id, title: phase.title },
          task,
          agent: plan.agents[task.agent]!,
          attempts: task.attempts ?? plan.defaults.attempts,
          start,
          stackOn: foldUnits(stackOf(phase, this.tasks, task), 0),
          staticChecks: gateChecks(plan.staticChecks),
          reportTo: workflowInfo().workflowId,
          paused: this.stillness.isStill,
        },
      ],
    });
  }

  /** Lands one task by itself; what does not land holds the task's place in the line. */
  private async landAlone(task: Task, work: Work): Promise<void> {
    for (;;) {
      const result = await this.joinPoint(
        {
          ...this.joinPointInput(`task ${task.id}`, `join-${this.input.phase.id}.${task.id}`),
          units: [{ task, work }],
          closes: false,
        },
        task.id,
      );
      if (result.outcome === 'landed') {
        this.landed = [...this.landed, ...result.landed];
        this.tasks = { ...this.tasks, [task.id]: { status: 'landed', work } };
        return;
      }
      if (await this.sendBack(result)) return;
      const closed = await this.holdAfter(result, [task.id]);
      if (closed.action === 'skip') {
        this.tasks = {
          ...this.tasks,
          [task.id]: { status: 'skipped', reason: closed.answer.comment!, by: closed.answer.by },
        };
        return;
      }
      if (closed.answer.tasks?.includes(task.id)) {
        this.tasks = reopen(this.tasks, [{ task: task.id, feedback: closed.answer.comment ?? 'again' }]);
        return;
      }
    }
  }

  /** What the closing join point's end makes of the phase: its end, or another round. */
  private async settle(result: JoinPointResult): Promise<PhaseResult | undefined> {
    if (result.outcome === 'passed') {
      this.tasks = Object.fromEntries(
        Object.entries(this.tasks).map(([id, state]) => [
          id,
          state.status === 'ready' ? { status: 'landed', work: state.work } : state,
        ]),
      );
      return { outcome: 'passed', checkpoint: result.checkpoint, n: this.n, tasks: this.tasks };
    }
    if (result.outcome === 'rolledBack') {
      this.landed = [];
      this.tasks = reopen(unland(this.tasks, Object.keys(this.tasks)), result.reopenings);
    }
    if (await this.sendBack(result)) return undefined;
    const closed = await this.holdAfter(
      result,
      this.input.phase.tasks.map(({ id }) => id),
    );
    if (closed.action === 'skip')
      return { outcome: 'skipped', by: closed.answer.by, reason: closed.answer.comment!, n: this.n, tasks: this.tasks };
    this.tasks = reopen(
      this.tasks,
      (closed.answer.tasks ?? []).map((task) => ({ task, feedback: closed.answer.comment ?? 'again' })),
    );
    return undefined;
  }

  /** Re-opens tasks that the join point sent back, unless one of them has been sent back too often. */
  private async sendBack(result: JoinPointResult): Promise<boolean> {
    if (result.outcome !== 'reopen') return false;
    for (const { task } of result.reopenings) this.sentBack[task] = (this.sentBack[task] ?? 0) + 1;
    const weary = result.reopenings.find(({ task }) => this.sentBack[task]! > this.input.plan.defaults.attempts);
    if (weary) {
      const why = `task ${weary.task} was sent back ${this.sentBack[weary.task]! - 1} times and still does not fit: ${weary.feedback.split('\n')[0]}`;
      await this.desk.ask({ kind: 'hold', subject: this.subject, why, actions: ['retry'] });
      this.sentBack[weary.task] = 0;
    }
    this.tasks = reopen(this.tasks, result.reopenings);
    return true;
  }

  private holdAfter(result: JoinPointResult, tasks: readonly string[]): Promise<Closed> {
    const what = result.outcome === 'rolledBack' ? 'rolled back' : 'not landed';
    const named =
      result.outcome === 'rolledBack' && result.reopenings.length > 0
        ? `; ${result.reopenings.map(({ task }) => task).join(', ')} will be worked on again`
        : '';
    const why = `${what}: ${'why' in result ? result.why : 'sent back'}${named}`;
    return this.desk.ask({ kind: 'hold', subject: this.subject, why, actions: ['retry', 'skip'], tasks });
  }

  private closingInput(): JoinPointInput {
    const { phase } = this.input;
    const { number } = phase.joinPoint;
    const units = phase.land === 'together' ? readyWork(phase, this.tasks) : [];
    return {
      ...this.joinPointInput(
        number ? `join point ${number} of phase ${phase.id}` : `join point of phase ${phase.id}`,
        `join-${phase.id}`,
      ),
      units,
      closes: true,
    };
  }

  private joinPointInput(subject: string, writer: string): Omit<JoinPointInput, 'units' | 'closes'> {
    const { rollout, plan, phase } = this.input;
    const { tasks: _, ...bare } = phase;
    return {
      rollout,
      phase: bare,
      subject,
      writer,
      n: this.n++,
      staticChecks: gateChecks(plan.staticChecks),
      gates: this.gates(),
      baseline: this.baseline ?? [],
      approval: phase.joinPoint.approval ?? plan.defaults.approval,
      signOff: phase.joinPoint.signOff ?? plan.defaults.signOff,
      onFailure: phase.onFailure ?? plan.defaults.onFailure,
      landedBefore: this.landed,
      authors: phase.tasks.flatMap(({ agent }) =>
        plan.agents[agent]?.kind === 'human' ? plan.agents[agent].people : [],
      ),
      reportTo: workflowInfo().workflowId,
      paused: this.stillness.isStill,
    };
  }

  private async joinPoint(input: JoinPointInput, task?: string): Promise<JoinPointResult> {
    const { rollout, phase } = this.input;
    const workflowId = joinPointId(rollout.name, phase.id, task);
    try {
      return await this.children.run(workflowId, () =>
        executeChild<typeof runJoinPoint>('runJoinPoint', {
          workflowId,
          parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
          staticSummary: phase.joinPoint.title ?? input.subject,
          typedSearchAttributes: rolloutAttributes(rollout.name, phase.id),
          args: [input],
        }),
      );
    } finally {
      for (const node of [input.subject, `landing of ${input.subject}`, `undo of ${input.subject}`])
        this.reports.delete(node);
    }
  }
}
