import { expect, test } from 'vitest';
import { amountOf, largerOf } from './quantity.js';

test.each([
  ['100Mi', '0.1Gi', '0.1Gi'],
  ['128M', '128Mi', '128Mi'],
  ['100Mi', '1e8', '100Mi'],
  ['102400Ki', '100Mi', '102400Ki'],
  ['500m', '1', '1'],
  ['2', '1999m', '2'],
  ['1Gi', '999Mi', '1Gi'],
])('of %s and %s the larger is %s', (one, other, larger) => {
  expect(largerOf(one, other)).toBe(larger);
});

test('what is no quantity is nothing', () => {
  expect(amountOf('${MEMORY}')).toBe(0);
});
