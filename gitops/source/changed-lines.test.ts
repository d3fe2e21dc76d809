import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedLines } from './changed-lines.js';

const said = (before: string, after: string): readonly (readonly number[])[] => {
  const changed = changedLines(before.split(' '), after.split(' '));
  return [[...changed.before], [...changed.after]];
};

test('what a diff shows', () => {
  expect(said('a b c', 'a b c')).toEqual([[], []]);
  expect(said('a b c', 'a x c')).toEqual([[1], [1]]);
  expect(said('a b c d', 'a c d e')).toEqual([[1], [3]]);
  expect(said('a b a b c', 'b a b')).toEqual([[0, 4], []]);
});

test('texts without a table differ as a whole, but for their common ends', () => {
  const many = (text: string): readonly string[] => [
    'same',
    ...Array.from({ length: 2100 }, (_, n) => `${text}${n}`),
    'end',
  ];
  const changed = changedLines(many('a'), many('b'));
  expect([changed.before.size, changed.after.size, changed.before.has(0)]).toEqual([2100, 2100, false]);
});

test('what is not changed is the same on both sides, in order', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const changed = changedLines(before, after);
      expect(before.filter((_, line) => !changed.before.has(line))).toEqual(
        after.filter((_, line) => !changed.after.has(line)),
      );
    }),
  );
});
