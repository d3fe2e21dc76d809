/** Runs a phase's tasks on their agents' lanes until nothing is left to do before its join point. */
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  ParentClosePolicy,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { attemptsOf, isSettled, landableTasks, stackOf, startableTasks, type TaskStart } from '../plan/phase-state.js';
import { staticChecksOf } from '../plan/proofs.js';
import type { Task } from '../plan/schema.js';
import type { PhaseInput, PhaseResult } from './contracts.js';
import { foldUnits } from './fold-units.js';
import { taskId } from './ids.js';
import type { Phase } from './phase.js';
import type { runTask } from './run-task.js';
import { rolloutAttributes } from './search-attributes.js';
import { landAlone, skipTask } from './settle-join-point.js';

/** Returns when each task is ready (or landed, where each lands by itself) or skipped; may go on as a new run instead. */
export async function workOff(phase: Phase): Promise<void> {
  const { children, input } = phase;
  let startedInThisRun = 0;
  const isFull = (): boolean => startedInThisRun >= input.rollout.settings.tasksPerRun;
  const startable = (): readonly Task[] => (phase.stillness.isStill || isFull() ? [] : startableNow(phase));
  for (;;) {
    for (const task of startable()) {
      startedInThisRun++;
      children.begin(task.id, () => workOn(phase, task));
    }
    if (children.isEmpty && isDone(phase)) return;
    if (children.isEmpty && isFull()) await goOnAsNew(phase);
    await condition(() => children.hasNews() || startable().length > 0);
    children.rethrow();
  }
}

function startableNow({ input, tasks, children }: Phase): readonly Task[] {
  const { phase, plan } = input;
  const landable = phase.land === 'each' ? landableTasks(phase, tasks) : [];
  const workable = startableTasks(phase, tasks, (agent) => plan.agents[agent]?.concurrency ?? 1);
  return [...workable, ...landable].filter(({ id }) => !children.has(id));
}

function isDone({ input, tasks }: Phase): boolean {
  return input.phase.land === 'together'
    ? isSettled(tasks)
    : Object.values(tasks).every(({ status }) => status === 'landed' || status === 'skipped');
}

/** Only between drained batches: a parent's new run would not know its old run's children. */
async function goOnAsNew(phase: Phase): Promise<never> {
  const { n, tasks, baseline = [], landed, sentBack, waivers, minutes, stillness } = phase;
  await condition(allHandlersFinished);
  return continueAsNew<(input: PhaseInput) => Promise<PhaseResult>>({
    ...phase.input,
    n,
    paused: stillness.isStill,
    tasks,
    carried: { baseline, landed, sentBack, waivers, minutes },
  });
}

async function workOn(phase: Phase, task: Task): Promise<void> {
  const state = phase.tasks[task.id];
  if (state?.status === 'waiting') {
    phase.setTask(task.id, { status: 'working', start: state.start });
    const result = await run(phase, task, state.start);
    if (result.outcome === 'ready') phase.setTask(task.id, { status: 'ready', work: result.work });
    else await skipTask(phase, task.id, result.by, result.reason);
  }
  phase.reports.delete(`task ${task.id}`);
  const now = phase.tasks[task.id];
  if (phase.input.phase.land === 'each' && now?.status === 'ready') await landAlone(phase, task, now.work);
}

function run({ input, tasks, stillness, children }: Phase, task: Task, start: TaskStart) {
  const { rollout, plan, phase } = input;
  const workflowId = taskId(rollout.name, task.id);
  return children.run(workflowId, () =>
    startChild<typeof runTask>('runTask', {
      workflowId,
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: `${task.id} ${task.title}`.slice(0, 180),
      typedSearchAttributes: rolloutAttributes(rollout.name, phase.id),
      args: [
        {
          rollout,
          phase: { id: phase.id, title: phase.title },
          task,
          agent: plan.agents[task.agent]!,
          attempts: attemptsOf(task, plan),
          start,
          stackOn: foldUnits(stackOf(phase, tasks, task), 0),
          staticChecks: staticChecksOf(plan),
          reportTo: workflowInfo().workflowId,
          paused: stillness.isStill,
        },
      ],
    }),
  );
}
