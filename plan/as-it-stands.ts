/** A phase's own view, put right once its rollout has gone on: it could not say any more what became of it. Pure. */
import type { PhaseLine, PhaseView, TaskLine, TaskStatus } from './status.js';

/** What a phase asked when it ended, or was closed over by an abort or a rollback, nobody can answer any more; and of what was closed over nothing goes on. */
export function asItStands(view: PhaseView, line: PhaseLine): PhaseView {
  const isClosedOver = line.status === 'undone' || line.status === 'skipped';
  if (line.status !== 'done' && !isClosedOver) return view;
  return {
    ...view,
    tasks: isClosedOver ? view.tasks.map((task) => taskLeft(task, line)) : view.tasks,
    reports: view.reports.map(({ until, ...report }) => ({
      ...report,
      questions: [],
      ...(isClosedOver ? { status: 'stopped' } : until !== undefined && { until }),
    })),
    questions: [],
  };
}

/** Nothing works or waits there any more, and what had landed was undone with the phase. */
function taskLeft(task: TaskLine, line: PhaseLine): TaskLine {
  const left = (status: TaskStatus): TaskLine => ({ ...task, status, detail: '' });
  switch (task.status) {
    case 'waiting':
      return left('notDone');
    case 'working':
      return left('stopped');
    case 'ready':
      return left('notLanded');
    case 'landed':
      if (line.status !== 'undone') return task;
      return left(standingIn(line).includes(task.id) ? 'stillThere' : 'undone');
    default:
      return task;
  }
}

/** The tasks that its undo left on the target, in the words of `stillThere` in plan/landed.ts. */
function standingIn({ detail }: PhaseLine): readonly string[] {
  return /; still on the target: (.*)$/.exec(detail)?.[1]?.split(', ') ?? [];
}
