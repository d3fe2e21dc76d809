import { expect, test } from 'vitest';
import { goPattern, wholeGoPattern } from './go-pattern.js';

const matches = (pattern: string, text: string): unknown => {
  const compiled = goPattern(pattern);
  return typeof compiled === 'string' ? compiled : compiled(text);
};
const matchesWhole = (pattern: string, text: string): unknown => {
  const compiled = wholeGoPattern(pattern);
  return typeof compiled === 'string' ? compiled : compiled(text);
};

test.each([
  ['(?i)A', 'a', true],
  ['a|b', 'ab', false],
  ['.*', 'a.b', true],
  ['a', 'a', true],
  ['a', 'ab', false],
  ['', '', true],
  [String.raw`web-\d+`, 'web-12', true],
  ['(?P<part>web)-[[:alpha:]]+', 'web-a', true],
  [String.raw`\Qa.b\E`, 'axb', false],
])('%s of the whole %s: %s', (pattern, text, expected) => {
  expect(matchesWhole(pattern, text)).toBe(expected);
});

test('is found anywhere', () => {
  expect(matches('b', 'abc')).toBe(true);
});

test('what Go does not read says why', () => {
  expect(matches('(a', 'a')).toContain('missing closing )');
  expect(matchesWhole('(?=a)', 'a')).toContain('unsupported Perl syntax');
});

test.each(['(a+)+$', '(a|aa)+$', '(a*)*b', 'a*a*a*a*a*a*b'])('%s on a long text takes no time', (pattern) => {
  const started = performance.now();
  expect(matchesWhole(pattern, `${'a'.repeat(10_000)}!`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('what would compile to more than memory holds is refused', () => {
  expect(matches('((((a{100}){100}){100}){100})', 'a')).toContain('invalid repeat count');
});
