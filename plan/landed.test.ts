import { expect, test } from 'vitest';
import { afterUndo, among, stillThere, tasksOf, without } from './landed.js';
import type { Compensation } from './rollout.js';

const landing = (id: string): Compensation => {
  const [task, stage, n] = id.split('/') as [string, string, string];
  return { phase: '1', task, stage, n: Number(n), undo: { class: 'revert', keep: [] } };
};
const landings = (...ids: readonly string[]): readonly Compensation[] => ids.map(landing);
const a = landings('1.1/apps/1', '1.1/core/1', '1.2/all/2');

test('a landing is known by its task, its stage and its number', () => {
  const others = landings('1.1/apps/1', '1.1/core/2', '1.2/apps/2');
  expect(among(a, others)).toEqual(landings('1.1/apps/1'));
  expect(without(a, others)).toEqual(landings('1.1/core/1', '1.2/all/2'));
});

test('after an undo of all, what it left stands', () => {
  const [first, ...others] = a as [Compensation, ...Compensation[]];
  expect(afterUndo(a, { undone: others, standing: [first] })).toEqual([first]);
  expect(afterUndo(a, { undone: a, standing: [] })).toEqual([]);
});

test('after an undo of one landing, what landed before it stands, and what it left', () => {
  const [third] = landings('1.3/all/3');
  expect(afterUndo(a, { undone: landings('1.4/all/3'), standing: [third!] })).toEqual([...a, third]);
});

test('what stands is said by its tasks, each once', () => {
  expect(tasksOf(a)).toEqual(['1.1', '1.2']);
  expect(stillThere(a)).toBe('; still on the target: 1.1, 1.2');
  expect(stillThere([])).toBe('');
});
