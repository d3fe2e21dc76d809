/** What a join point's end makes of its phase: the phase's end, or another round for some of its tasks. */
import { afterUndo, stillThere } from '../plan/landed.js';
import { reopen, unland, type Work } from '../plan/phase-state.js';
import type { Task } from '../plan/schema.js';
import type { PhaseResult, JoinPointResult } from './contracts.js';
import type { Closed } from './desk.js';
import type { Phase } from './phase.js';

/** The phase's end, or undefined for another round. */
export async function settle(phase: Phase, result: JoinPointResult): Promise<PhaseResult | undefined> {
  if (result.outcome === 'passed') {
    phase.tasks = Object.fromEntries(
      Object.entries(phase.tasks).map(([id, state]) => [
        id,
        state.status === 'ready' ? { status: 'landed', work: state.work } : state,
      ]),
    );
    return { outcome: 'passed', checkpoint: result.checkpoint, n: phase.n, tasks: phase.tasks };
  }
  if (result.outcome === 'rolledBack') {
    phase.landed = afterUndo(phase.landed, result);
    phase.tasks = reopen(unland(phase.tasks, Object.keys(phase.tasks)), result.reopenings);
  }
  if (await sendBack(phase, result)) return undefined;
  const { action, answer } = await holdAfter(
    phase,
    result,
    phase.input.phase.tasks.map(({ id }) => id),
  );
  if (action === 'skip')
    return { outcome: 'skipped', by: answer.by, reason: answer.comment!, n: phase.n, tasks: phase.tasks };
  phase.tasks = reopen(
    phase.tasks,
    (answer.tasks ?? []).map((task) => ({ task, feedback: answer.comment ?? 'again' })),
  );
  return undefined;
}

/** Lands one task by itself; what does not land holds the task's place in the line. */
export async function landAlone(phase: Phase, task: Task, work: Work): Promise<void> {
  const subject = `task ${task.id}`;
  const writer = `join-${phase.input.phase.id}.${task.id}`;
  for (;;) {
    const result = await phase.joinPoint({ subject, writer, units: [{ task, work }], closes: false }, task.id);
    if (result.outcome === 'landed') {
      phase.landed = [...phase.landed, ...result.landed];
      return phase.setTask(task.id, { status: 'landed', work });
    }
    if (result.outcome === 'rolledBack') phase.landed = afterUndo(phase.landed, result);
    if (await sendBack(phase, result)) return;
    const { action, answer } = await holdAfter(phase, result, [task.id]);
    if (action === 'skip') return phase.setTask(task.id, { status: 'skipped', reason: answer.comment!, by: answer.by });
    if (answer.tasks?.includes(task.id)) {
      phase.tasks = reopen(phase.tasks, [{ task: task.id, feedback: answer.comment ?? 'again' }]);
      return;
    }
  }
}

/** Re-opens tasks that the join point sent back, unless one of them has been sent back too often. */
async function sendBack(phase: Phase, result: JoinPointResult): Promise<boolean> {
  if (result.outcome !== 'reopen') return false;
  const { sentBack } = phase;
  for (const { task } of result.reopenings) sentBack[task] = (sentBack[task] ?? 0) + 1;
  const weary = result.reopenings.find(({ task }) => sentBack[task]! > phase.input.plan.defaults.attempts);
  if (weary) {
    const why = `task ${weary.task} was sent back ${sentBack[weary.task]! - 1} times and still does not fit: ${weary.feedback.split('\n')[0]}`;
    await phase.desk.ask({ kind: 'hold', subject: phase.subject, why, actions: ['retry'] });
    sentBack[weary.task] = 0;
  }
  phase.tasks = reopen(phase.tasks, result.reopenings);
  return true;
}

function holdAfter(phase: Phase, result: JoinPointResult, tasks: readonly string[]): Promise<Closed> {
  const what = result.outcome === 'rolledBack' ? 'rolled back' : 'not landed';
  const named =
    result.outcome === 'rolledBack' && result.reopenings.length > 0
      ? `; ${result.reopenings.map(({ task }) => task).join(', ')} will be worked on again`
      : '';
  const left = result.outcome === 'rolledBack' ? stillThere(result.standing) : '';
  const why = `${what}: ${'why' in result ? result.why : 'sent back'}${named}${left}`;
  return phase.desk.ask({ kind: 'hold', subject: phase.subject, why, actions: ['retry', 'skip'], tasks });
}
