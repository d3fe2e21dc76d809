import { describe, expect, test } from 'vitest';
import { type Answer, judgeAnswer, meantBy, type OpenQuestion, type Question, stillAsked } from './question.js';

const asked: Question = {
  id: 'approval-1',
  kind: 'approval',
  subject: 'phase 1',
  why: 'ready',
  forWhom: ['ann', 'bob', 'cy'],
  need: 2,
  authors: ['cy'],
  askedAt: 0,
  deadlineAt: 1_000,
  escalateTo: ['boss'],
  actions: ['approve', 'reject'],
  tasks: ['1.1', '1.2'],
  items: [],
};
const open = (question: Partial<Question> = {}): OpenQuestion => ({
  question: { ...asked, ...question },
  approvals: [],
  ticks: [],
});
const say = (state: OpenQuestion, answer: Answer, now = 10) => judgeAnswer(state, answer, now);

describe('approval', () => {
  test('closes with as many different approvers as are needed', () => {
    const first = say(open(), { action: 'approve', by: 'ann' });
    expect(first).toMatchObject({ accepted: true });
    expect(first).not.toHaveProperty('closedBy');
    const next = first.accepted ? first.next : open();
    expect(say(next, { action: 'approve', by: 'ann' })).toMatchObject({
      accepted: false,
      message: expect.stringContaining('approved already; 1 more must'),
    });
    expect(say(next, { action: 'approve', by: 'bob' })).toMatchObject({ accepted: true, closedBy: { by: 'bob' } });
  });

  test('takes no approval of one who is not on the list, nor of one for their own work', () => {
    expect(say(open(), { action: 'approve', by: 'eve' })).toMatchObject({
      accepted: false,
      message: expect.stringContaining('not on the list'),
    });
    expect(say(open(), { action: 'approve', by: 'cy' })).toMatchObject({
      accepted: false,
      message: expect.stringContaining('ask somebody else'),
    });
  });

  test('escalates only after the deadline, and only to those named', () => {
    expect(say(open(), { action: 'approve', by: 'boss' }, 999)).toMatchObject({ accepted: false });
    expect(say(open(), { action: 'approve', by: 'boss' }, 1_000)).toMatchObject({ accepted: true });
    expect(say(open(), { action: 'approve', by: 'eve' }, 1_000)).toMatchObject({ accepted: false });
  });

  test('of what has landed, the sign-off, is as strict', () => {
    const signOff = open({ kind: 'signOff' });
    expect(say(signOff, { action: 'approve', by: 'eve' })).toMatchObject({ accepted: false });
    expect(say(signOff, { action: 'reject', by: 'eve', comment: 'no' })).toMatchObject({ accepted: false });
    expect(say(signOff, { action: 'approve', by: 'cy' })).toMatchObject({ accepted: false });
    expect(say(signOff, { action: 'approve', by: 'ann' })).toMatchObject({ accepted: true });
  });

  test('an empty list means anybody', () => {
    expect(say(open({ forWhom: [], need: 1 }), { action: 'approve', by: 'anyone' })).toMatchObject({
      closedBy: { by: 'anyone' },
    });
  });
});

describe('an answer to a commit that was looked at', () => {
  const commit = 'ab12cd34ef56ab12cd34ef56ab12cd34ef56ab12';
  const about = open({ need: 1, evidence: { commit, summary: '' } });
  test.each(['approve', 'reject'] as const)('%s counts for that commit only', (action) => {
    const answer = { action, by: 'ann', comment: 'seen' };
    expect(say(about, { ...answer, commit: commit.slice(0, 12) })).toHaveProperty('closedBy');
    expect(say(about, { ...answer, commit: commit.toUpperCase() })).toHaveProperty('closedBy');
    expect(say(about, answer)).toHaveProperty('closedBy');
    for (const other of ['ab12cd34ef57', commit.slice(0, 3), '', `${commit}0`])
      expect(say(about, { ...answer, commit: other })).toEqual({
        accepted: false,
        message: `phase 1: is about ab12cd34ef56 now, and ${other || 'none'} was looked at: it has changed; look again with joinpoint status`,
      });
    expect(say(open({ need: 1 }), { ...answer, commit })).toMatchObject({
      accepted: false,
      message: expect.stringContaining('is about no commit now'),
    });
  });
});

describe('reject', () => {
  test('needs feedback, and only names tasks that are there', () => {
    expect(say(open(), { action: 'reject', by: 'ann' })).toMatchObject({
      accepted: false,
      message: expect.stringContaining('needs feedback'),
    });
    expect(say(open(), { action: 'reject', by: 'ann', comment: 'no', tasks: ['9.9'] })).toMatchObject({
      accepted: false,
      message: expect.stringContaining('no task 9.9'),
    });
    expect(say(open(), { action: 'reject', by: 'ann', comment: 'no', tasks: ['1.1'] })).toMatchObject({
      closedBy: { tasks: ['1.1'] },
    });
  });
});

test('a task that is named twice is sent back once', () => {
  const answer = { action: 'reject', by: 'ann', comment: 'no', tasks: ['1.1', '1.1'] } as const;
  expect(say(open(), answer)).toMatchObject({ accepted: true, closedBy: { tasks: ['1.1'] } });
});

describe('a hold', () => {
  const hold = open({ kind: 'hold', actions: ['retry', 'skip', 'override', 'rollback'] });
  test('takes only what it offers', () => {
    expect(say(hold, { action: 'approve', by: 'ann' })).toMatchObject({
      accepted: false,
      message: 'phase 1: does not wait for approve; it takes retry, skip, override, rollback',
    });
  });

  test.each(['skip', 'override'] as const)('%s needs a reason', (action) => {
    expect(say(hold, { action, by: 'ann' })).toMatchObject({
      accepted: false,
      message: expect.stringContaining('needs a reason'),
    });
    expect(say(hold, { action, by: 'ann', comment: 'known' })).toMatchObject({ closedBy: { action } });
  });

  test.each(['retry', 'rollback'] as const)('%s is taken from anybody', (action) => {
    expect(say(hold, { action, by: 'eve' })).toMatchObject({ closedBy: { action } });
  });

  const retry = { action: 'retry', by: 'ann' } as const;
  test('a retry names tasks that are there, and says to whom its message goes', () => {
    expect(say(hold, { ...retry, tasks: ['1.2'], comment: 'use v2' })).toMatchObject({ closedBy: { tasks: ['1.2'] } });
    expect(say(hold, { ...retry, tasks: ['9.9'] })).toEqual({
      accepted: false,
      message: 'phase 1: has no task 9.9 to re-open; name one of 1.1, 1.2',
    });
    expect(say(hold, { ...retry, comment: 'use v2' })).toEqual({
      accepted: false,
      message: 'phase 1: a message goes to the agents of tasks that are worked on again; name them with --task',
    });
    expect(say(hold, { ...retry, comment: ' ' })).toHaveProperty('closedBy');
  });

  test('a retry of what re-opens no task names none', () => {
    const landing = open({ kind: 'hold', actions: ['retry'], tasks: [] });
    expect(say(landing, { ...retry, comment: 'the hook is mended' })).toHaveProperty('closedBy');
    expect(say(landing, { ...retry, tasks: ['1.1'] })).toEqual({
      accepted: false,
      message: 'phase 1: has no task 1.1 to re-open; name none',
    });
  });
});

describe('ticks', () => {
  const items = [
    { id: 'd1', title: 'One', evidence: 'a link' },
    { id: 'd2', title: 'Two', evidence: 'a link' },
  ];
  const ticks = open({ kind: 'ticks', actions: ['done'], items });

  test('come one by one or all at once, each with evidence', () => {
    expect(say(ticks, { action: 'done', by: 'ann' })).toMatchObject({
      accepted: false,
      message: expect.stringContaining('needs evidence'),
    });
    expect(say(ticks, { action: 'done', by: 'ann', evidence: ' ' })).toMatchObject({ accepted: false });
    const first = say(ticks, { action: 'done', by: 'ann', items: ['d2'], evidence: 'seen' });
    expect(first).toMatchObject({
      accepted: true,
      next: { ticks: [{ id: 'd2', by: 'ann', evidence: 'seen', at: 10 }] },
    });
    expect(first).not.toHaveProperty('closedBy');
    const next = first.accepted ? first.next : ticks;
    expect(say(next, { action: 'done', by: 'ann', items: ['d2'], evidence: 'again' })).toMatchObject({
      accepted: false,
      message: expect.stringContaining('no open item d2'),
    });
    expect(say(next, { action: 'done', by: 'bob', evidence: 'seen too' })).toMatchObject({
      closedBy: { by: 'bob' },
      next: { ticks: [{ id: 'd2' }, { id: 'd1', by: 'bob' }] },
    });
  });

  test('an item that is named twice is one', () => {
    const twice = say(ticks, { action: 'done', by: 'ann', items: ['d1', 'd1'], evidence: 'seen' });
    expect(twice).toMatchObject({ accepted: true, next: { ticks: [{ id: 'd1' }] } });
    expect(twice).not.toHaveProperty('closedBy');
  });

  test('work by hand is done by those whose it is, and may be left out by anybody', () => {
    const work = open({ kind: 'work', actions: ['done', 'skip'], forWhom: ['hanna'] });
    expect(say(work, { action: 'done', by: 'hanna' })).toMatchObject({ closedBy: { by: 'hanna' } });
    expect(say(work, { action: 'done', by: 'bob' })).toMatchObject({
      accepted: false,
      message: expect.stringContaining('bob is not on the list of who may say done; ask hanna'),
    });
    expect(say(work, { action: 'skip', by: 'bob', comment: 'not now' })).toMatchObject({ closedBy: { by: 'bob' } });
  });
});

describe('of several questions', () => {
  const hold = open({ id: 'hold-1', kind: 'hold', actions: ['retry', 'skip'] });
  const other = open({ id: 'hold-2', kind: 'hold', actions: ['retry', 'skip'] });
  const approval = open({ id: 'approval-1' });

  test('the one is meant whose id is named, or that alone takes the action', () => {
    expect(meantBy({ action: 'retry', by: 'ann', question: 'hold-2' }, [hold, other])).toEqual({ open: other });
    expect(meantBy({ action: 'retry', by: 'ann' }, [approval, hold])).toEqual({ open: hold });
    expect(meantBy({ action: 'done', by: 'ann' }, [approval, hold])).toEqual({ open: approval });
  });

  test('none is, where two take the action and none is named, or one that is not asked any more', () => {
    expect(meantBy({ action: 'skip', by: 'ann' }, [hold, other])).toEqual({
      refusal: '2 questions take skip here (hold-1, hold-2); name one as the message\'s "question"',
    });
    const gone = { refusal: 'nothing waits for skip here; see joinpoint status' };
    expect(meantBy({ action: 'skip', by: 'ann', question: 'hold-3' }, [hold])).toEqual(gone);
    expect(meantBy({ action: 'skip', by: 'ann' }, [])).toEqual(gone);
  });
});

test('what was ticked or approved already is not asked again', () => {
  const item = (id: string) => ({ id, title: id, evidence: 'a link' });
  const ticked: OpenQuestion = {
    ...open({ kind: 'ticks', items: [item('a'), item('b')] }),
    approvals: [{ action: 'approve', by: 'ann' }],
    ticks: [{ id: 'a', by: 'ann', evidence: 'seen', at: 1 }],
  };
  expect(stillAsked(ticked)).toMatchObject({ need: 1, items: [item('b')] });
});
