import { expect, test } from 'vitest';
import { durationMs, durationText } from './duration.js';

test.each([
  ['1h', 3_600_000],
  ['1h30m', 5_400_000],
  ['1.5m', 90_000],
  ['500ms', 500],
  ['0', 0],
  ['10', undefined],
  ['1 h', undefined],
  ['${INTERVAL}', undefined],
  ['', undefined],
])('%s', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test('is written as a person writes it', () => {
  expect([3_570_000, 3_600_000, 90_000, 0].map(durationText)).toEqual(['59m30s', '1h', '1m30s', '0s']);
});
