import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationMs, durationText } from './duration.js';

test.each([
  ['250ms', 250],
  ['90s', 90_000],
  ['1.5h', 5_400_000],
  ['2w', 1_209_600_000],
])('%s is %i milliseconds', (text, ms) => expect(durationMs(text)).toBe(ms));

test.each(['', '5', 'm', '5 m', '-5m', '5y'])('%j is no duration', (text) =>
  expect(() => durationMs(text)).toThrow(RangeError),
);

test.each([
  [0, '0ms'],
  [999, '999ms'],
  [45_000, '45s'],
  [7_500_000, '2h 5m'],
  [259_200_000, '3d'],
  [1_209_600_000, '2w'],
])('%i milliseconds read as %s', (ms, text) => expect(durationText(ms)).toBe(text));

test('what is written in one unit is read back exactly', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999 }), fc.constantFrom('ms', 's', 'm', 'h', 'd', 'w'), (count, unit) => {
      expect(durationMs(`${count}${unit}`)).toBe(count * durationMs(`1${unit}`));
    }),
  );
});
