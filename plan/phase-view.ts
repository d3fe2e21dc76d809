/** A phase's state and reports as its view. Pure. */
import type { TaskState, TaskStates } from './phase-state.js';
import type { Question } from './question.js';
import type { Phase } from './schema.js';
import type { NodeReport, PhaseView, TaskLine } from './status.js';

export function phaseView(
  phase: Phase,
  workflowId: string,
  tasks: TaskStates,
  reports: readonly NodeReport[],
  questions: readonly Question[],
): PhaseView {
  return {
    id: phase.id,
    title: phase.title,
    workflowId,
    joinPoint: joinPointName(phase),
    tasks: phase.tasks.map(({ id, title, agent }): TaskLine => {
      const state = asLanded(
        tasks[id]!,
        reports.some(({ landed }) => landed?.includes(id)),
      );
      const report = reports.find(({ node }) => node === `task ${id}`);
      return {
        id,
        title,
        agent,
        status: state.status,
        detail: detailOf(state, report),
        ...('work' in state && { branch: state.work.branch }),
      };
    }),
    reports,
    questions: [
      ...questions.map((question) => ({ ...question, workflowId })),
      ...reports.flatMap((report) =>
        report.questions.map((question) => ({ ...question, workflowId: report.workflowId })),
      ),
    ],
  };
}

/** Ready work is on the target while its join point proves it; it counts as landed when that has passed. */
function asLanded(state: TaskState, isOnTarget: boolean): TaskState {
  return state.status === 'ready' && isOnTarget ? { status: 'landed', work: state.work } : state;
}

/** `Join Point 1 (2)`: the title and number of a Markdown plan where there are some. */
export function joinPointName({ id, joinPoint }: Pick<Phase, 'id' | 'joinPoint'>): string {
  return `${joinPoint.title ?? `Join point of phase ${id}`}${joinPoint.number ? ` (${joinPoint.number})` : ''}`;
}

function detailOf(state: TaskState, report: NodeReport | undefined): string {
  switch (state.status) {
    case 'waiting':
      return state.start.generation > 1
        ? `sent back: ${state.start.feedback.at(-1)?.split('\n')[0] ?? ''}`
        : 'waits for its needs or its lane';
    case 'working':
      return report?.status || `attempt 1${state.start.generation > 1 ? `, generation ${state.start.generation}` : ''}`;
    case 'ready':
      return state.work.overridden
        ? `verified but for: ${state.work.overridden.text}`
        : 'verified, waits for its landing';
    case 'landed':
      return state.work.overridden?.text ?? '';
    case 'skipped':
      return `by ${state.by}: ${state.reason}`;
  }
}
