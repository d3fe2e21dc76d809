import { expect, test } from 'vitest';
import { oncePer } from './once-per.js';

test('once for each object, although the result is undefined', () => {
  const asked: object[] = [];
  const ask = oncePer((key: object) => void asked.push(key));
  const [a, b] = [{}, {}];
  for (const key of [a, b, a, a, b]) ask(key);
  expect(asked).toEqual([a, b]);
});
