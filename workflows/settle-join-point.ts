/** What a join point's end makes of its phase: the phase's end, or another round for some of its tasks. */
import { afterUndo, stillThere, tasksOf } from '../plan/landed.js';
import { attemptsOf, canReopen, reopen, unland, type Work } from '../plan/phase-state.js';
import type { Compensation } from '../plan/rollout.js';
import type { Task } from '../plan/schema.js';
import type { PhaseResult, JoinPointResult } from './contracts.js';
import type { Closed } from './desk.js';
import { noteToRollout } from './note.js';
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
  if (await sendBack(phase, phase.subject, result)) return undefined;
  const { action, answer } = await holdAfter(phase, result, {
    subject: phase.subject,
    landed: phase.landed,
    tasks: phase.input.phase.tasks.flatMap(({ id }) => (canReopen(phase.tasks[id]) ? [id] : [])),
  });
  if (action === 'skip')
    return {
      outcome: 'skipped',
      by: answer.by,
      reason: answer.comment!,
      standing: tasksOf(phase.landed),
      n: phase.n,
      tasks: phase.tasks,
    };
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
    if (await sendBack(phase, subject, result)) return;
    const landed = phase.landed.filter((one) => one.task === task.id);
    const { action, answer } = await holdAfter(phase, result, { subject, landed, tasks: [task.id] });
    if (action === 'skip') return skipTask(phase, task.id, answer.by, answer.comment!);
    if (answer.tasks?.includes(task.id)) {
      phase.tasks = reopen(phase.tasks, [{ task: task.id, feedback: answer.comment ?? 'again' }]);
      return;
    }
  }
}

/** Nothing of it lands, and the plan's reader is told. */
export async function skipTask(phase: Phase, id: string, by: string, reason: string): Promise<void> {
  phase.setTask(id, { status: 'skipped', reason, by });
  await noteToRollout(phase.input.rollout.name, `task ${id}: skipped by ${by}: ${reason}`);
}

/** Re-opens tasks that the join point sent back; one that has been sent back too often is put before a person first. */
async function sendBack(phase: Phase, subject: string, result: JoinPointResult): Promise<boolean> {
  if (result.outcome !== 'reopen') return false;
  const { sentBack, input } = phase;
  const attempts = (id: string): number =>
    attemptsOf(
      input.phase.tasks.find((task) => task.id === id),
      input.plan,
    );
  for (const { task } of result.reopenings) sentBack[task] = (sentBack[task] ?? 0) + 1;
  const weary = result.reopenings.find(({ task }) => sentBack[task]! > attempts(task));
  if (weary) {
    const { task, feedback } = weary;
    const why = `task ${task} was sent back ${sentBack[task]! - 1} times and still does not fit: ${feedback.split('\n')[0]}`;
    const { action, answer } = await phase.desk.ask({ kind: 'hold', subject, why, actions: ['retry', 'skip'] });
    sentBack[task] = 0;
    if (action === 'skip') await skipTask(phase, task, answer.by, answer.comment!);
  }
  phase.tasks = reopen(phase.tasks, result.reopenings);
  return true;
}

interface Held {
  readonly subject: string;
  /** What stands of it on the target. */
  readonly landed: readonly Compensation[];
  /** What the answer may name to be worked on again. */
  readonly tasks: readonly string[];
}

function holdAfter(phase: Phase, result: JoinPointResult, { subject, landed, tasks }: Held): Promise<Closed> {
  const isUndone = result.outcome === 'rolledBack';
  const named = subject === phase.subject ? '' : `${subject} `;
  const again = isUndone ? result.reopenings.map(({ task }) => task).join(', ') : '';
  const what = `${named}${isUndone ? 'rolled back' : 'not landed'}: ${'why' in result ? result.why : 'sent back'}`;
  const why = `${what}${again && `; ${again} will be worked on again`}${isUndone ? stillThere(landed) : ''}`;
  return phase.desk.ask({ kind: 'hold', subject, why, actions: ['retry', 'skip'], tasks });
}
