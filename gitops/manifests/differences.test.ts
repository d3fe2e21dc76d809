import { expect, test } from 'vitest';
import { differencesOf, isEqual } from './differences.js';

test('the deepest place that differs', () => {
  const before = { a: { b: 1, c: [1, { d: 2 }], gone: true }, same: { x: 1 } };
  const after = { a: { b: 2, c: [1, { d: 3 }], came: null }, same: { x: 1 } };
  expect(differencesOf(before, after)).toEqual([
    { path: ['a', 'b'], before: 1, after: 2 },
    { path: ['a', 'c', 1, 'd'], before: 2, after: 3 },
    { path: ['a', 'gone'], before: true, after: undefined },
    { path: ['a', 'came'], before: undefined, after: null },
  ]);
});

test('sequences of other lengths, and values of other types, differ as a whole', () => {
  expect(differencesOf({ a: [1], b: { c: 1 } }, { a: [1, 2], b: 'c' }).map(({ path }) => path)).toEqual([['a'], ['b']]);
});

test('equal whatever the order of keys', () => {
  expect(isEqual({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toBe(true);
  expect(isEqual({ a: undefined }, { b: undefined })).toBe(false);
  expect(isEqual([1], { 0: 1 })).toBe(false);
  expect(isEqual('1', 1)).toBe(false);
});
