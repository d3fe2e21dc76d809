import { expect, test } from 'vitest';
import { asItStands } from './as-it-stands.js';
import type { PhaseLine, PhaseStatus, PhaseView, TaskStatus } from './status.js';

const line = (status: PhaseStatus, left?: PhaseLine['left']): PhaseLine => ({
  id: '1',
  title: 'One',
  weeks: [],
  status,
  detail: '',
  joinPoint: 'Join point of phase 1',
  taskCount: 5,
  ...(left && { left }),
});

const question = {
  id: 'hold-1-x',
  kind: 'hold',
  subject: 'phase 1',
  why: 'rolled back',
  forWhom: [],
  need: 1,
  authors: [],
  askedAt: 0,
  escalateTo: [],
  actions: ['retry', 'skip'],
  tasks: [],
  items: [],
  workflowId: 'w',
} as const;

const statuses = ['waiting', 'working', 'ready', 'landed', 'skipped'] as const satisfies readonly TaskStatus[];
const view: PhaseView = {
  id: '1',
  title: 'One',
  workflowId: 'w',
  joinPoint: 'Join point of phase 1',
  tasks: statuses.map((status, at) => ({ id: `1.${at + 1}`, title: status, agent: 'A', status, detail: 'so far' })),
  reports: [{ node: 'join point 1', workflowId: 'w', status: 'soaks', questions: [question], until: 5 }],
  questions: [question],
};
const tasksOf = ({ tasks }: PhaseView): readonly string[] => tasks.map(({ status }) => status);

test('an open phase is what it says of itself', () => {
  for (const status of ['running', 'waiting', 'held'] as const)
    expect(asItStands(view, line(status), 'running')).toBe(view);
});

test('while a phase is undone nobody can answer what it asked', () => {
  for (const rollout of ['aborting', 'rollingBack'] as const) {
    const stands = asItStands(view, line('running'), rollout);
    expect(stands.questions).toEqual([]);
    expect(stands.reports.flatMap(({ questions }) => questions)).toEqual([]);
    expect(stands.tasks).toEqual(view.tasks);
  }
});

test('a phase that is done asks nothing any more', () => {
  const stands = asItStands(view, line('done'), 'running');
  expect(stands.questions).toEqual([]);
  expect(stands.reports).toEqual([{ ...view.reports[0], questions: [] }]);
  expect(stands.tasks).toEqual(view.tasks);
});

test('of a phase that was undone nothing works, waits or stands, but for what the undo left', () => {
  // The phase calls work ready until its join point has passed, also work that is on the target.
  const left = { undone: ['1.3', '1.4'], standing: ['1.4'] };
  const undone = asItStands(view, line('undone', left), 'aborted');
  expect(tasksOf(undone)).toEqual(['notDone', 'stopped', 'undone', 'stillThere', 'skipped']);
  expect(undone.tasks.map(({ detail }) => detail)).toEqual(['', '', '', '', 'so far']);
  expect(undone.reports).toEqual([{ node: 'join point 1', workflowId: 'w', status: 'stopped', questions: [] }]);
  expect(undone.questions).toEqual([]);
});

test('of a phase that was closed over and not undone what is on the target is landed', () => {
  const kept = asItStands(view, line('skipped', { undone: [], standing: ['1.3'] }), 'aborted');
  expect(tasksOf(kept)).toEqual(['notDone', 'stopped', 'landed', 'landed', 'skipped']);
  expect(tasksOf(asItStands(view, line('skipped'), 'running'))[2]).toBe('notLanded');
});
