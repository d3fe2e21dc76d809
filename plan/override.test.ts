import { expect, test } from 'vitest';
import type { Verdict } from '../gates/verdict.js';
import { overrideLets, overrideOf } from './override.js';

const verdict = (id: string, status: Verdict['status'], why = 'because'): Verdict => ({
  id,
  title: `check ${id}`,
  status,
  why,
  excerpt: '',
});
const verdicts = [verdict('a', 'failed'), verdict('b', 'passed'), verdict('c', 'inconclusive', 'x'.repeat(500))];
const named = `check a (failed: because); check c (inconclusive: ${'x'.repeat(160)})`;
const answer = { action: 'override', by: 'ann', comment: 'known' } as const;

test('names everything that it lets through, and nothing that passed', () => {
  expect(overrideLets(verdicts)).toBe(`override lets through: ${named}`);
  expect(overrideOf(answer, 'it failed', verdicts)).toEqual({
    overridden: { text: 'ann overrode "it failed": known', checks: ['a', 'c'] },
    said: `ann overrode "it failed": known\n\nLet through: ${named}`,
  });
});

test('says so where there is nothing to let through', () => {
  const passed = [verdict('b', 'passed')];
  expect(overrideLets(passed)).toBe('what was left passes every check; override takes it as it is');
  expect(overrideOf(answer, 'it failed', passed)).toEqual({
    overridden: { text: 'ann overrode "it failed": known', checks: [] },
    said: 'ann overrode "it failed": known',
  });
});
