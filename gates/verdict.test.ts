import { describe, expect, test } from 'vitest';
import { waive } from './check.js';
import {
  asBaseline,
  asWaived,
  feedbackOf,
  judge,
  judgeScope,
  type Observation,
  observe,
  overall,
  type Verdict,
  worstOf,
} from './verdict.js';

const passed: Observation = { made: true, passed: true, excerpt: 'fine', digest: 'd1' };
const failed: Observation = { made: true, passed: false, excerpt: 'broken\nmore', digest: 'd2' };
const notMade: Observation = { made: false, why: 'no such command', excerpt: '' };
const must = { id: 'c', title: 'Check', rule: 'mustPass' } as const;
const noWorse = { id: 'g', title: 'Gate', rule: 'noWorse' } as const;

describe('what a command shows', () => {
  test('its exit code is a judgement: 0 passed, others failed', () => {
    expect(observe({ kind: 'code', code: 0 }, 'out', 'd')).toEqual({
      made: true,
      passed: true,
      excerpt: 'out',
      digest: 'd',
    });
    expect(observe({ kind: 'code', code: 1 }, 'out', 'd')).toMatchObject({ made: true, passed: false });
  });

  test.each([
    [{ kind: 'code', code: 75 }, 'cannot tell'],
    [{ kind: 'code', code: 126 }, 'could not be run'],
    [{ kind: 'code', code: 127 }, 'could not be run'],
    [{ kind: 'signal', detail: 'SIGKILL' }, 'SIGKILL'],
    [{ kind: 'timeout', detail: '2m' }, 'within 2m'],
    [{ kind: 'notStarted', detail: 'ENOENT' }, 'ENOENT'],
  ] as const)('%j means that the check was not made', (end, why) => {
    expect(observe(end, '', '')).toMatchObject({ made: false, why: expect.stringContaining(why) });
  });
});

describe('a check that must pass', () => {
  test('passes and fails by itself', () => {
    expect(judge(must, { head: passed })).toMatchObject({ status: 'passed', why: 'passed' });
    expect(judge(must, { head: failed, base: failed })).toMatchObject({ status: 'failed', why: 'broken' });
  });

  test('proves nothing where it passes at the base already', () => {
    expect(judge(must, { head: passed, base: passed })).toMatchObject({ status: 'passed', note: 'provesNothing' });
    expect(judge(must, { head: passed, base: failed })).not.toHaveProperty('note');
    expect(judge(must, { head: passed, base: notMade })).not.toHaveProperty('note');
  });

  test('is inconclusive when it could not be made', () => {
    expect(judge(must, { head: notMade, base: passed })).toMatchObject({
      status: 'inconclusive',
      why: 'no such command',
    });
  });
});

describe('a check that may be no worse', () => {
  test('a regression fails, what was broken before does not', () => {
    expect(judge(noWorse, { head: failed, base: passed })).toMatchObject({
      status: 'failed',
      why: expect.stringContaining('passed at the base'),
    });
    expect(judge(noWorse, { head: failed, base: failed })).toMatchObject({ status: 'passed', note: 'brokenBefore' });
    expect(judge(noWorse, { head: passed, base: failed })).toMatchObject({ status: 'passed', why: 'passed' });
    expect(judge(noWorse, { head: passed, base: passed })).not.toHaveProperty('note');
  });

  test('a failure that cannot be compared is inconclusive, and without a base it is a failure', () => {
    expect(judge(noWorse, { head: failed, base: notMade })).toMatchObject({ status: 'inconclusive' });
    expect(judge(noWorse, { head: failed })).toMatchObject({ status: 'failed' });
  });
});

describe('a check for an absence', () => {
  test('counts only when its positive control passes', () => {
    expect(judge(must, { head: passed, control: passed })).toMatchObject({ status: 'passed' });
    expect(judge(must, { head: passed, control: failed })).toMatchObject({
      status: 'inconclusive',
      why: expect.stringContaining('positive control failed'),
    });
    expect(judge(must, { head: passed, control: notMade })).toMatchObject({
      status: 'inconclusive',
      why: expect.stringContaining('could not be made'),
    });
  });
});

describe('a check that a person let through', () => {
  const text = 'owner overrode it: wrong chart';
  const waived = { ...must, waived: { text, status: 'failed' } } as const;

  test('stops nothing and shows what it saw', () => {
    expect(judge(waived, { head: failed })).toMatchObject({
      status: 'passed',
      seenAs: 'failed',
      note: 'overridden',
      why: `failed, and ${text}: broken`,
    });
    expect(judge(waived, { head: notMade })).toMatchObject({ status: 'passed', seenAs: 'inconclusive' });
    expect(judge(waived, { head: passed })).toEqual(judge(must, { head: passed }));
  });

  test('is not overridden where it passes', () => {
    expect(asWaived(judge(must, { head: passed }), { text, status: 'failed' })).toBeUndefined();
  });

  test('when nobody knew asks a person again where it fails', () => {
    const unknown = { ...must, waived: { text, status: 'inconclusive' } } as const;
    expect(judge(unknown, { head: notMade })).toMatchObject({ status: 'passed', note: 'overridden' });
    expect(judge(unknown, { head: failed })).toMatchObject({
      status: 'inconclusive',
      seenAs: 'failed',
      why: `failed, and when it was inconclusive ${text}: broken`,
    });
    expect(judge(unknown, { head: failed })).not.toHaveProperty('note');
  });

  test('for a part only asks a person again where it fails', () => {
    const inPart = { ...must, waived: { text, status: 'failed', inPart: true } } as const;
    expect(judge(inPart, { head: failed })).toMatchObject({
      status: 'inconclusive',
      seenAs: 'failed',
      why: `failed, and for a part of this ${text}: broken`,
    });
    expect(judge(inPart, { head: notMade })).toEqual(judge(must, { head: notMade }));
    expect(judge(inPart, { head: passed })).toEqual(judge(must, { head: passed }));
  });
});

test('waivers reach only the checks that they name', () => {
  const checks = ['1.1/d1', '1.1/d2'].map((id) => ({ ...must, id, run: 'true', timeoutMs: 1 }));
  const waiver = { text: 'why', status: 'failed' } as const;
  expect(waive(checks, { '1.1/d2': waiver }).map(({ waived }) => waived)).toEqual([undefined, waiver]);
  const inPart = waive(checks, { '1.1/d2': waiver }, 'part');
  expect(inPart.map(({ waived }) => waived)).toEqual([undefined, { ...waiver, inPart: true }]);
});

test('the worst verdict counts, and a failure is worse than not knowing', () => {
  const verdict = (status: Verdict['status']): Verdict => ({ id: status, title: status, status, why: '', excerpt: '' });
  expect(overall([])).toBe('passed');
  expect(overall([verdict('passed')])).toBe('passed');
  expect(overall([verdict('passed'), verdict('inconclusive')])).toBe('inconclusive');
  expect(overall([verdict('inconclusive'), verdict('failed')])).toBe('failed');
  expect(worstOf([verdict('passed')])).toBeUndefined();
  expect(worstOf([verdict('inconclusive'), verdict('failed')])).toEqual(verdict('failed'));
});

test('feedback says what a check printed, but nothing twice', () => {
  const verdict: Verdict = { id: 'c', title: 'Check', status: 'failed', why: 'broken', excerpt: 'broken' };
  expect(feedbackOf(verdict)).toBe('Check: broken');
  expect(feedbackOf({ ...verdict, excerpt: 'broken\nmore' })).toBe('Check: broken\nbroken\nmore');
  expect(feedbackOf({ ...verdict, excerpt: '' })).toBe('Check: broken');
});

test('a baseline verdict is compared with as it was observed', () => {
  expect(asBaseline(judge(must, { head: passed }))).toMatchObject({ made: true, passed: true });
  expect(asBaseline(judge(must, { head: failed }))).toMatchObject({ made: true, passed: false });
  expect(asBaseline(judge(must, { head: notMade }))).toMatchObject({ made: false });
});

describe('the files of a task', () => {
  test('nothing changed is a failure', () => {
    expect(judgeScope([], 0)).toMatchObject({ status: 'failed', why: expect.stringContaining('nothing was changed') });
  });

  test('every file must be inside', () => {
    expect(judgeScope([], 3)).toMatchObject({ status: 'passed' });
    expect(judgeScope(['a', 'b', 'c', 'd', 'e', 'f'], 7)).toMatchObject({
      status: 'failed',
      why: expect.stringContaining('a, b, c, d, e and 1 more'),
    });
  });
});
