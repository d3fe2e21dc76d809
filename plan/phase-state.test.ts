import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  attemptsOf,
  initialTasks,
  isSettled,
  landableTasks,
  readyWork,
  reopen,
  stackOf,
  startableTasks,
  stopped,
  type TaskState,
  type TaskStates,
  unland,
} from './phase-state.js';
import { Phase } from './schema.js';

function aPhase(needs: Readonly<Record<string, readonly string[]>>, extra: Record<string, unknown> = {}): Phase {
  const tasks = Object.entries(needs).map(([id, own]) => ({
    id,
    title: id,
    agent: 'A',
    branch: `b-${id}`,
    files: ['**'],
    needs: own,
  }));
  return Phase.parse({ id: '1', title: 'one', tasks, ...extra });
}

const work = (id: string) => ({ branch: `b-${id}`, base: `base-${id}`, head: `head-${id}`, generation: 1 });
const ready = (id: string): TaskState => ({ status: 'ready', work: work(id) });
const landed = (id: string): TaskState => ({ status: 'landed', work: work(id) });
const lanes = (count: number) => () => count;
const ids = (tasks: readonly { readonly id: string }[]) => tasks.map(({ id }) => id);

describe('which tasks may start', () => {
  const phase = aPhase({ a: [], b: ['a'], c: [] });

  test('those whose needs are there, as many as the lane takes', () => {
    expect(ids(startableTasks(phase, initialTasks(phase), lanes(4)))).toEqual(['a', 'c']);
    expect(ids(startableTasks(phase, initialTasks(phase), lanes(1)))).toEqual(['a']);
    expect(
      ids(
        startableTasks(
          phase,
          { ...initialTasks(phase), a: { status: 'working', start: { generation: 1, feedback: [] } } },
          lanes(1),
        ),
      ),
    ).toEqual([]);
  });

  test('under together a ready need is enough: the task is stacked on it', () => {
    expect(ids(startableTasks(phase, { ...initialTasks(phase), a: ready('a') }, lanes(4)))).toEqual(['b', 'c']);
  });

  test('under each the need has to have landed', () => {
    const each = aPhase({ a: [], b: ['a'] }, { land: 'each' });
    expect(ids(startableTasks(each, { ...initialTasks(each), a: ready('a') }, lanes(4)))).toEqual([]);
    expect(ids(landableTasks(each, { ...initialTasks(each), a: ready('a') }))).toEqual(['a']);
    expect(ids(startableTasks(each, { ...initialTasks(each), a: landed('a') }, lanes(4)))).toEqual(['b']);
    expect(ids(landableTasks(each, { a: ready('a'), b: ready('b') }))).toEqual(['a']);
  });

  test('a skipped need counts, and one of an earlier phase has landed', () => {
    const later = aPhase({ a: ['0.1'], b: ['a'] });
    expect(
      ids(startableTasks(later, { ...initialTasks(later), a: { status: 'skipped', reason: '', by: '' } }, lanes(4))),
    ).toEqual(['b']);
    expect(ids(startableTasks(later, initialTasks(later), lanes(4)))).toEqual(['a']);
  });
});

test('a stack is what a task needs, and what that needs, in plan order', () => {
  const phase = aPhase({ a: [], b: ['a'], c: [], d: ['b', 'c'] });
  const tasks: TaskStates = { a: ready('a'), b: ready('b'), c: ready('c'), d: initialTasks(phase)['d']! };
  expect(stackOf(phase, tasks, phase.tasks[3]!).map(({ task }) => task.id)).toEqual(['a', 'b', 'c']);
  expect(stackOf(phase, { ...tasks, a: landed('a') }, phase.tasks[1]!)).toEqual([]);
  expect(readyWork(phase, tasks).map(({ task }) => task.id)).toEqual(['a', 'b', 'c']);
});

test('re-opening brings the old difference along and leaves the others as they are', () => {
  const tasks: TaskStates = { a: ready('a'), b: landed('b'), c: ready('c') };
  const next = reopen(tasks, [
    { task: 'a', feedback: 'mend it' },
    { task: 'b', feedback: 'fit it', base: 'onto' },
    { task: 'x', feedback: 'unknown' },
  ]);
  expect(next['a']).toEqual({
    status: 'waiting',
    start: { generation: 2, feedback: ['mend it'], replay: { base: 'base-a', head: 'head-a' } },
  });
  expect(next['b']).toMatchObject({ status: 'waiting', start: { base: 'onto' } });
  expect(next['c']).toBe(tasks['c']);
  expect(Object.keys(next)).toEqual(['a', 'b', 'c']);
});

test("re-opening a playbook's own work brings nothing along: it is made anew", () => {
  const task: TaskState = { status: 'ready', work: { ...work('a'), byPlaybook: true } };
  expect(reopen({ a: task }, [{ task: 'a', feedback: 'mend it' }])['a']).toEqual({
    status: 'waiting',
    start: { generation: 2, feedback: ['mend it'] },
  });
});

test("a task's own attempts come before the plan's", () => {
  const plan = { defaults: { attempts: 3 } } as Parameters<typeof attemptsOf>[1];
  expect(attemptsOf({ attempts: 1 }, plan)).toBe(1);
  expect(attemptsOf({}, plan)).toBe(3);
});

test('after an undo what had landed is ready again', () => {
  expect(unland({ a: landed('a'), b: ready('b'), c: landed('c') }, ['a', 'b'])).toEqual({
    a: ready('a'),
    b: ready('b'),
    c: landed('c'),
  });
});

test('what was under way when a phase was stopped begins anew on a fresh branch', () => {
  expect(stopped({ a: { status: 'working', start: { generation: 1, feedback: ['x'] } }, b: ready('b') })).toEqual({
    a: { status: 'waiting', start: { generation: 2, feedback: ['x'] } },
    b: ready('b'),
  });
});

test('settled means that nobody works or waits', () => {
  expect(isSettled({ a: ready('a'), b: landed('b'), c: { status: 'skipped', reason: '', by: '' } })).toBe(true);
  expect(isSettled({ a: ready('a'), b: { status: 'waiting', start: { generation: 1, feedback: [] } } })).toBe(false);
});

test('any plan without a cycle is worked off, each task after its needs', () => {
  const graph = fc.array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(graph, fc.integer({ min: 1, max: 3 }), fc.constantFrom('together', 'each'), (edges, lane, land) => {
      const needs = Object.fromEntries(
        edges.map((own, at) => [`t${at}`, [...new Set(own.filter((need) => need < at).map((need) => `t${need}`))]]),
      );
      const phase = aPhase(needs, { land });
      let tasks = initialTasks(phase);
      const order: string[] = [];
      while (!isSettled(tasks)) {
        const next = startableTasks(phase, tasks, lanes(lane));
        expect(next.length).toBeGreaterThan(0);
        expect(next.length).toBeLessThanOrEqual(lane);
        for (const { id, needs: own } of next) {
          expect(own.every((need) => order.includes(need))).toBe(true);
          order.push(id);
          tasks = { ...tasks, [id]: land === 'each' ? landed(id) : ready(id) };
        }
      }
      expect(order).toHaveLength(edges.length);
    }),
  );
});
