import { expect, test } from 'vitest';
import { isInRange, type VersionRange } from './version-range.js';

test.each<[boolean, VersionRange, string | undefined]>([
  [true, {}, undefined],
  [true, { from: '1.20' }, 'v1.20.0'],
  [true, { from: '1.20' }, '1.20.6-rc.1'],
  [true, { from: '1.9', before: '2' }, '1.10'],
  [false, { from: '1.20' }, '1.19.10'],
  [false, { before: '2' }, '2.0.0'],
  [false, { before: '2' }, undefined],
  [false, { from: '1' }, '*'],
  [false, { from: '1' }, '1.x'],
])('%s: %j %s', (isIn, range, version) => {
  expect(isInRange(range, version)).toBe(isIn);
});
