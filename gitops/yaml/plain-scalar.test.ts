import { expect, test } from 'vitest';
import { plainType } from './plain-scalar.js';

test.each([
  [
    'text',
    ['yep', 'none', '1.2.3', '10.0.0.1', '2024-01-01', '12:30', '1Gi', '500m', '${VAR}', '0x', 'e3', '1,5', 'tRUE'],
  ],
  ['text', ['y', 'N', 'yes', 'No', 'on', 'OFF']],
  ['boolean', ['true', 'True', 'TRUE', 'false', 'False', 'FALSE']],
  [
    'number',
    ['1', '-1', '+3', '017', '0o17', '0xff', '0b101', '1_000', '1.5', '.5', '1.', '1e3', '-.inf', '.NaN', '08'],
  ],
  ['null', ['', '~', 'null', 'NULL']],
] as const)('%s', (type, texts) => {
  expect(texts.map((text) => [text, plainType(text)])).toEqual(texts.map((text) => [text, type]));
});

test('words that are booleans to go-yaml v2', () => {
  expect(['y', 'Off', 'yep', '1'].map((text) => plainType(text, true))).toEqual([
    'boolean',
    'boolean',
    'text',
    'number',
  ]);
});
