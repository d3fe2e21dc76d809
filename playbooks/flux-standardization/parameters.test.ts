import { expect, test } from 'vitest';
import { classOf, Parameters } from './parameters.js';

test.each(['5m', '90s', '1h30m', '1.5h', '500ms'])('%s is a duration', (text) => {
  expect(Parameters.safeParse({ retryInterval: text }).success).toBe(true);
});

test.each(['5', '5 m', 'm', '1d', '-5m', '', '5mm 1'])('"%s" is none', (text) => {
  expect(Parameters.safeParse({ retryInterval: text }).success).toBe(false);
});

test('a namespace is of the first class that names it, every other of the last', () => {
  const parameters = Parameters.parse({
    classes: [
      { name: 'first', namespaces: ['a'], intervals: ['1m'] },
      { name: 'second', namespaces: ['a', 'b'], intervals: ['2m'] },
      { name: 'last', namespaces: ['c'], intervals: ['3m'] },
    ],
  });
  expect(['a', 'b', 'c', 'd'].map((namespace) => classOf(parameters, namespace).name)).toEqual([
    'first',
    'second',
    'last',
    'last',
  ]);
});

test('a class has an interval to write; retries end and are some', () => {
  expect(Parameters.safeParse({ classes: [{ name: 'none', intervals: [] }] }).success).toBe(false);
  expect(Parameters.safeParse({ classes: [] }).success).toBe(false);
  expect(Parameters.safeParse({ retries: 0 }).success).toBe(false);
  expect(Parameters.safeParse({ retries: 1 }).success).toBe(true);
});
