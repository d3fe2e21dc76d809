import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Lookup, substituteText } from './substitute-text.js';

const values: Readonly<Record<string, string>> = { A: 'Apple.pie', EMPTY: '', PATH: '/usr/local/bin' };
const lookup: Lookup = (name) => {
  if (name === 'SECRET') return 'hidden';
  if (name === 'MAYBE') return 'open';
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  return value === undefined ? 'unset' : { value };
};
const text = (template: string) => substituteText(template, lookup).text;

describe('expressions', () => {
  test.each([
    ['${A}', 'Apple.pie'],
    ['x${A}y${A}z', 'xApple.pieyApple.piez'],
    ['${NONE}', ''],
    ['${NONE:=default}', 'default'],
    ['${NONE:-a ${A} b}', 'a Apple.pie b'],
    ['${EMPTY:-default}', 'default'],
    ['${EMPTY=default}', 'default'],
    ['${A:=default}', 'Apple.pie'],
    ['${NONE:=${A}}', 'Apple.pie'],
    ['${A/./-}', 'Apple-pie'],
    ['${A//p/P}', 'APPle.Pie'],
    ['${A/#Apple/Peach}', 'Peach.pie'],
    ['${A/%pie/tart}', 'Apple.tart'],
    ['${PATH//\\//:}', ':usr:local:bin'],
    ['${A,,}', 'apple.pie'],
    ['${A^^}', 'APPLE.PIE'],
    ['${A,}', 'apple.pie'],
    ['${#A}', '9'],
    ['${A:6}', 'pie'],
    ['${A:0:5}', 'Apple'],
    ['${A:-3}', 'Apple.pie'],
    ['${A#*.}', 'pie'],
    ['${A%.*}', 'Apple'],
    ['${PATH##*/}', 'bin'],
    ['${PATH%%/local*}', '/usr'],
    ['$${A}', '${A}'],
    ['$$', '$'],
    ['$A costs $5', '$A costs $5'],
    ['{{ .Values.x }}', '{{ .Values.x }}'],
  ])('%s is %s', (template, expected) => expect(text(template)).toBe(expected));
});

test('a hidden variable leaves its expression standing, with what is around it', () => {
  const { text: result, uses } = substituteText('${A}-${SECRET/x/y}-${SECRET:=a}', lookup);
  expect(result).toBe('Apple.pie-${SECRET/x/y}-${SECRET:=a}');
  expect(uses.map(({ variable, outcome }) => `${variable} ${outcome}`)).toEqual([
    'A set',
    'SECRET unknown',
    'SECRET unknown',
  ]);
});

test('a default that is hidden matters only where it is used', () => {
  expect(text('${A:=${SECRET}}')).toBe('Apple.pie');
  expect(text('${NONE:=${SECRET}}')).toBe('${NONE:=${SECRET}}');
});

test('what may be set elsewhere is unknown, unless it has a default', () => {
  expect(text('${MAYBE}')).toBe('${MAYBE}');
  expect(text('${MAYBE:=5Gi}')).toBe('5Gi');
});

test.each([
  ['${', 'has no variable name'],
  ['${A', 'is not closed'],
  ['${A-default}', 'is not closed'],
  ['${A.b}', 'is not closed'],
  ['${A/x}', 'has no replacement'],
  ['${!A}', 'has no variable name'],
])('%s is refused', (template, why) => {
  const { text: result, problem } = substituteText(template, lookup);
  expect(problem).toContain(why);
  expect(result).toBe(template);
});

test('never throws, and leaves alone what has no dollar sign', () => {
  const piece = fc.constantFrom('$', '{', '}', 'A', ':', '=', '-', '/', '#', '%', '\\', ' ', '^', ',');
  fc.assert(
    fc.property(fc.string({ unit: piece }), (template) => {
      const { text: result } = substituteText(template, lookup);
      expect(template.includes('$') || result === template).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('a pattern with many stars takes no time', () => {
  const started = performance.now();
  const value = 'a'.repeat(200);
  const long: Lookup = () => ({ value });
  expect(substituteText(`\${LONG#${'*a'.repeat(20)}b}`, long).text).toBe(value);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('an error shows no default, which may be a secret', () => {
  const { problem } = substituteText('x ${PASSWORD:=hunter2 y', lookup);
  expect(problem).toBe('${PASSWORD:…: is not closed');
});
