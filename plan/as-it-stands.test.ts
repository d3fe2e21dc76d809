import { expect, test } from 'vitest';
import { asItStands } from './as-it-stands.js';
import { stillThere } from './landed.js';
import type { PhaseLine, PhaseStatus, PhaseView, TaskStatus } from './status.js';

const line = (status: PhaseStatus, detail = ''): PhaseLine => ({
  id: '1',
  title: 'One',
  weeks: [],
  status,
  detail,
  joinPoint: 'Join point of phase 1',
  taskCount: 5,
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
  for (const status of ['running', 'waiting', 'held'] as const) expect(asItStands(view, line(status))).toBe(view);
});

test('a phase that is done asks nothing any more', () => {
  const stands = asItStands(view, line('done'));
  expect(stands.questions).toEqual([]);
  expect(stands.reports).toEqual([{ ...view.reports[0], questions: [] }]);
  expect(stands.tasks).toEqual(view.tasks);
});

test('of a phase that was undone nothing works, waits or stands, but for what the undo left', () => {
  const undone = asItStands(view, line('undone', 'aborted by ann'));
  expect(tasksOf(undone)).toEqual(['notDone', 'stopped', 'notLanded', 'undone', 'skipped']);
  expect(undone.tasks.map(({ detail }) => detail)).toEqual(['', '', '', '', 'so far']);
  expect(undone.reports).toEqual([{ node: 'join point 1', workflowId: 'w', status: 'stopped', questions: [] }]);
  expect(undone.questions).toEqual([]);
  const left = `aborted by ann${stillThere([{ task: '1.4', stage: 'all', n: 1 }])}`;
  expect(tasksOf(asItStands(view, line('undone', left)))[3]).toBe('stillThere');
});

test('of a phase that was skipped what had landed stays', () => {
  const skipped = asItStands(view, line('skipped'));
  expect(tasksOf(skipped)).toEqual(['notDone', 'stopped', 'notLanded', 'landed', 'skipped']);
  expect(skipped.tasks[3]?.detail).toBe('so far');
});
