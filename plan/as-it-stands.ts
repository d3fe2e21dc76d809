/** A phase's own view, put right by what its rollout knows: the phase could not say any more what became of it. Pure. */
import type { PhaseLine, PhaseView, RolloutView, TaskLine, TaskStatus } from './status.js';

/**
 * What a phase asked when it ended, or while it is undone, nobody can answer any more; and of what an abort, a rollback
 * or a skip closed over nothing goes on.
 */
export function asItStands(view: PhaseView, line: PhaseLine, rollout: RolloutView['status']): PhaseView {
  if (line.status === 'undone' || line.status === 'skipped') return closedOver(view, line);
  if (line.status === 'done') return asksNothing(view);
  return rollout === 'aborting' || rollout === 'rollingBack' ? asksNothing(view) : view;
}

function asksNothing(view: PhaseView): PhaseView {
  return { ...view, reports: view.reports.map((report) => ({ ...report, questions: [] })), questions: [] };
}

function closedOver(view: PhaseView, line: PhaseLine): PhaseView {
  return {
    ...view,
    tasks: view.tasks.map((task) => taskLeft(task, line)),
    reports: view.reports.map(({ node, workflowId, verdicts }) => ({
      node,
      workflowId,
      status: 'stopped',
      questions: [],
      ...(verdicts && { verdicts }),
    })),
    questions: [],
  };
}

/** What stands on the target is known by git, whatever the phase had got to. */
function taskLeft(task: TaskLine, { status, left }: PhaseLine): TaskLine {
  const now = (is: TaskStatus): TaskLine => ({ ...task, status: is, detail: '' });
  if (left?.standing.includes(task.id)) return now(status === 'undone' ? 'stillThere' : 'landed');
  if (left?.undone.includes(task.id)) return now('undone');
  switch (task.status) {
    case 'waiting':
      return now('notDone');
    case 'working':
      return now('stopped');
    case 'ready':
      return now('notLanded');
    default:
      return task;
  }
}
