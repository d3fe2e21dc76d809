/** A phase's state and its decisions: which task may start, what a re-opening or a rollback makes of the rest. Pure. */
import type { Unproven } from '../gates/check.js';
import type { Phase, Plan, Task } from './schema.js';

/** A task's verified, unlanded work: the difference from `base` to `head`. */
export interface Work {
  readonly branch: string;
  readonly base: string;
  readonly head: string;
  /** 1 at first, one more for each re-opening. */
  readonly generation: number;
  readonly overridden?: Override;
  /** Stages beside the plan's that a playbook named: the commits from `from` on belong to each. */
  readonly later?: readonly { readonly stage: string; readonly from: string }[];
  /** The branch holds exactly what the task's playbook wrote. */
  readonly byPlaybook?: boolean;
}

/** A person let work through that was not proven. */
export interface Override {
  /** Who, what and why; shown wherever the task is. */
  readonly text: string;
  /** What stops it no more, and how bad each of them was: what gets worse stops it again. */
  readonly checks: readonly { readonly id: string; readonly status: Unproven }[];
}

/** How often a task is tried, or sent back, before a person decides. */
export function attemptsOf(task: Pick<Task, 'attempts'> | undefined, { defaults }: Pick<Plan, 'defaults'>): number {
  return task?.attempts ?? defaults.attempts;
}

/** How a task's next generation begins. */
export interface TaskStart {
  readonly generation: number;
  readonly feedback: readonly string[];
  /** Start from this commit instead of the target's head: work that it has to fit in with. */
  readonly base?: string;
  /** The last generation's difference, brought along. */
  readonly replay?: Pick<Work, 'base' | 'head' | 'later'>;
}

export type TaskState =
  | { readonly status: 'waiting'; readonly start: TaskStart }
  | { readonly status: 'working'; readonly start: TaskStart }
  | { readonly status: 'ready'; readonly work: Work }
  | { readonly status: 'landed'; readonly work: Work }
  | { readonly status: 'skipped'; readonly reason: string; readonly by: string };

export type TaskStates = Readonly<Record<string, TaskState>>;

/** A task that goes back to its agent, and why. */
export interface Reopening {
  readonly task: string;
  readonly feedback: string;
  readonly base?: string;
}

export function initialTasks(phase: Phase): TaskStates {
  return Object.fromEntries(
    phase.tasks.map(({ id }) => [id, { status: 'waiting', start: { generation: 1, feedback: [] } }]),
  );
}

/**
 * The tasks that may start now, in plan order: their needs are there and their agent's lane is free.
 * Under `together` a need of the same phase counts when it is ready (the task is stacked on it), under `each` when it has landed.
 */
export function startableTasks(
  phase: Phase,
  tasks: TaskStates,
  concurrencyOf: (agent: string) => number,
): readonly Task[] {
  const busy = new Map<string, number>();
  for (const { id, agent } of phase.tasks)
    if (tasks[id]?.status === 'working') busy.set(agent, (busy.get(agent) ?? 0) + 1);
  const startable: Task[] = [];
  for (const task of phase.tasks) {
    if (tasks[task.id]?.status !== 'waiting' || !task.needs.every((need) => isMet(phase, tasks, need))) continue;
    const working = busy.get(task.agent) ?? 0;
    if (working >= concurrencyOf(task.agent)) continue;
    busy.set(task.agent, working + 1);
    startable.push(task);
  }
  return startable;
}

/** Under `each`: the tasks whose finished work may land now, since what they need has landed. */
export function landableTasks(phase: Phase, tasks: TaskStates): readonly Task[] {
  return phase.tasks.filter(
    (task) => tasks[task.id]?.status === 'ready' && task.needs.every((need) => isMet(phase, tasks, need)),
  );
}

/** What a stopped phase leaves: work under way is begun anew on a fresh branch, should the phase run again. */
export function stopped(tasks: TaskStates): TaskStates {
  return Object.fromEntries(
    Object.entries(tasks).map(([id, state]) => [
      id,
      state.status === 'working'
        ? { status: 'waiting' as const, start: { ...state.start, generation: state.start.generation + 1 } }
        : state,
    ]),
  );
}

function isMet(phase: Phase, tasks: TaskStates, need: string): boolean {
  const state = tasks[need];
  // A need of another phase is met: that phase has ended, or was left out with `--from`.
  if (!state) return true;
  return (
    state.status === 'landed' || state.status === 'skipped' || (phase.land === 'together' && state.status === 'ready')
  );
}

/** The unlanded work of the same phase that `task` is stacked on: its needs and theirs, in plan order. */
export function stackOf(
  phase: Phase,
  tasks: TaskStates,
  task: Task,
): readonly { readonly task: Task; readonly work: Work }[] {
  const wanted = new Set<string>();
  const visit = (id: string): void => {
    for (const need of phase.tasks.find((one) => one.id === id)?.needs ?? []) {
      if (wanted.has(need) || tasks[need]?.status !== 'ready') continue;
      wanted.add(need);
      visit(need);
    }
  };
  visit(task.id);
  return readyWork(phase, tasks).filter((one) => wanted.has(one.task.id));
}

/** What a join point would fold now, in plan order. */
export function readyWork(phase: Phase, tasks: TaskStates): readonly { readonly task: Task; readonly work: Work }[] {
  return phase.tasks.flatMap((task) => {
    const state = tasks[task.id];
    return state?.status === 'ready' ? [{ task, work: state.work }] : [];
  });
}

/** Whether there is work of it that can be sent back. */
export function canReopen(
  state: TaskState | undefined,
): state is Extract<TaskState, { readonly status: 'ready' | 'landed' }> {
  return state?.status === 'ready' || state?.status === 'landed';
}

/**
 * Named tasks wait for their agent again, on a new generation; the others stay as they are. The old difference comes along,
 * but for a playbook's own, which makes it anew, stage by stage.
 */
export function reopen(tasks: TaskStates, reopenings: readonly Reopening[]): TaskStates {
  const next = { ...tasks };
  for (const { task, feedback, base } of reopenings) {
    const state = tasks[task];
    if (!canReopen(state)) continue;
    const { work } = state;
    next[task] = {
      status: 'waiting',
      start: {
        generation: work.generation + 1,
        feedback: [feedback],
        ...(!work.byPlaybook && {
          replay: { base: work.base, head: work.head, ...(work.later && { later: work.later }) },
        }),
        ...(base && { base }),
      },
    };
  }
  return next;
}

/** After an undo: what had landed is ready to be folded again. */
export function unland(tasks: TaskStates, ids: readonly string[]): TaskStates {
  return Object.fromEntries(
    Object.entries(tasks).map(([id, state]) => [
      id,
      state.status === 'landed' && ids.includes(id) ? { status: 'ready' as const, work: state.work } : state,
    ]),
  );
}

export function isSettled(tasks: TaskStates): boolean {
  return Object.values(tasks).every(({ status }) => status === 'ready' || status === 'landed' || status === 'skipped');
}
