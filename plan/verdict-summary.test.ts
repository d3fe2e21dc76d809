import { expect, test } from 'vitest';
import type { Verdict } from '../gates/verdict.js';
import { summaryOf } from './verdict-summary.js';

function verdict(title: string, more: Partial<Verdict> = {}): Verdict {
  return { id: title, title, status: 'passed', why: '', excerpt: '', ...more };
}

test('what passed only because it was broken before is not among what passed, and is named', () => {
  const verdicts = [verdict('a'), verdict('b', { note: 'brokenBefore' })];
  expect(summaryOf(verdicts)).toBe('1 check passed, 1 as broken as before (b)');
});

test('so is what somebody let through; what proves nothing is counted', () => {
  const verdicts = [
    verdict('a'),
    verdict('b', { note: 'provesNothing' }),
    verdict('c', { note: 'overridden' }),
    verdict('d', { status: 'inconclusive' }),
  ];
  expect(summaryOf(verdicts)).toBe('2 checks passed, 1 of them proving nothing, 2 overridden (c, d)');
});

test('of no checks it says so', () => {
  expect(summaryOf([])).toBe('0 checks passed');
});
