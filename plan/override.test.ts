import { expect, test } from 'vitest';
import type { Verdict } from '../gates/verdict.js';
import { afterPart, lettingThrough, overrideLets, overrideOf, stillWaived, waiversOf } from './override.js';

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
    overridden: {
      text: 'ann overrode "it failed": known',
      checks: [
        { id: 'a', status: 'failed' },
        { id: 'c', status: 'inconclusive' },
      ],
    },
    said: `ann overrode "it failed": known\n\nLet through: ${named}`,
  });
});

test('lets a failure through as one, also where it was put before a person as something that nobody knows', () => {
  const seen = { ...verdict('a', 'inconclusive'), seenAs: 'failed' } as const;
  expect(overrideOf(answer, 'it failed', [seen]).overridden.checks).toEqual([{ id: 'a', status: 'failed' }]);
});

test('says so where there is nothing to let through', () => {
  const passed = [verdict('b', 'passed')];
  expect(overrideLets(passed)).toBe('what was left passes every check; override takes it as it is');
  expect(overrideOf(answer, 'it failed', passed)).toEqual({
    overridden: { text: 'ann overrode "it failed": known', checks: [] },
    said: 'ann overrode "it failed": known',
  });
});

test('what was let through of works is known with how bad it was', () => {
  const overridden = { text: 'owner overrode it', checks: [{ id: 'a/d1', status: 'inconclusive' }] } as const;
  expect(waiversOf([{}, { overridden }])).toEqual({ 'a/d1': { text: 'owner overrode it', status: 'inconclusive' } });
});

test('what was let through stops nothing while it is no worse, and is shown as what it is', () => {
  const waivers = {
    a: { text: 'ann overrode it', status: 'failed' },
    b: { text: 'ann overrode it', status: 'inconclusive' },
  } as const;
  const seen = [verdict('a', 'failed'), verdict('b', 'failed'), verdict('c', 'failed')];
  const letThrough = {
    status: 'passed',
    seenAs: 'failed',
    why: 'failed, and ann overrode it: because',
    note: 'overridden',
  };
  expect(lettingThrough(seen, waivers)).toEqual([{ ...seen[0], ...letThrough }, seen[1], seen[2]]);
  const unclear = [verdict('a', 'inconclusive'), verdict('b', 'inconclusive'), verdict('b', 'passed')];
  expect(lettingThrough(unclear, waivers)).toEqual([
    expect.objectContaining({ status: 'passed', seenAs: 'inconclusive' }),
    expect.objectContaining({ status: 'passed', seenAs: 'inconclusive' }),
    unclear[2],
  ]);
});

test('what has passed since is let through no more: when it fails again, that is another failure', () => {
  const waiver = { text: 'ann overrode it', status: 'failed' } as const;
  const waivers = { a: waiver, b: waiver, c: waiver };
  const waived = { ...verdict('c', 'passed'), seenAs: 'failed', note: 'overridden' } as const;
  expect(stillWaived(waivers, [verdict('a', 'passed'), verdict('b', 'failed'), waived])).toEqual({
    b: waiver,
    c: waiver,
  });
});

test('parts of a phase that run side by side each bring what was let through there', () => {
  const one = { text: 'ann overrode it', status: 'failed' } as const;
  const other = { text: 'bob overrode it', status: 'failed' } as const;
  // This part began with a, which passed; another part brought b meanwhile; this one let c through.
  expect(afterPart({ a: one, b: other }, { a: one }, { c: one })).toEqual({ b: other, c: one });
});
