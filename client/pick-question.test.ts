import { describe, expect, test } from 'vitest';
import type { AddressedQuestion } from '../plan/status.js';
import { questionCommands } from './next-commands.js';
import { pickQuestion, type Wanted } from './pick-question.js';

let asked = 0;
function aQuestion(subject: string, changed: Partial<AddressedQuestion> = {}): AddressedQuestion {
  return {
    id: `hold-${++asked}`,
    workflowId: 'rollout/test/phase/3',
    kind: 'hold',
    subject,
    why: 'rolled back',
    forWhom: [],
    need: 1,
    authors: [],
    askedAt: 0,
    escalateTo: [],
    actions: ['retry', 'skip'],
    tasks: [],
    items: [],
    ...changed,
  };
}

const approval = aQuestion('join point of phase 3', { kind: 'approval', actions: ['approve', 'reject'] });
const first = aQuestion('phase 3', { tasks: ['3.1'] });
const second = aQuestion('phase 3', { tasks: ['3.2'] });
const all = [approval, first, second];

const picks = (questions: readonly AddressedQuestion[], wanted: Wanted, action: 'retry' | 'approve' = 'retry') => {
  const picked = pickQuestion(questions, action, wanted);
  return 'question' in picked ? picked.question : picked.refusal;
};

describe('the question that is meant', () => {
  test('is the only one that takes the action, or the one whose subject holds the words, exactly at best', () => {
    expect(picks([approval, first], {})).toBe(first);
    expect(picks(all, {}, 'approve')).toBe(approval);
    expect(picks([aQuestion('task 1'), first], { subject: '3' })).toBe(first);
    const longer = aQuestion('landing of phase 3');
    expect(picks([longer, first], { subject: 'Phase 3' })).toBe(first);
    expect(picks([longer, first], { subject: 'landing' })).toBe(longer);
  });

  test('is told apart from another of the same subject by a task, or by its id', () => {
    expect(picks(all, { subject: 'phase 3', tasks: ['3.2'] })).toBe(second);
    expect(picks(all, { tasks: ['3.1'] })).toBe(first);
    expect(picks(all, { subject: 'phase 3', question: second.id })).toBe(second);
    expect(picks(all, { question: first.id })).toBe(first);
  });

  test('is none where two fit, and both are named so that one can be', () => {
    const two = `retry: 2 questions take it ("phase 3" --question ${first.id}, "phase 3" --question ${second.id}); name one`;
    expect(picks(all, { subject: 'phase 3' })).toBe(two);
    expect(picks(all, { subject: 'phase 3', tasks: ['9'] })).toBe(two);
    expect(picks([first, aQuestion('task 1')], {})).toBe('retry: 2 questions take it ("phase 3", "task 1"); name one');
  });

  test('is none where nothing of that name waits, or not for this', () => {
    expect(picks([first, second], { subject: 'phase 3' }, 'approve')).toBe(
      'phase 3: does not wait for approve; it takes retry, skip',
    );
    expect(picks([first], { question: 'gone' })).toBe(
      'gone: nothing of that name waits for an answer; what waits is "phase 3" (retry, skip)',
    );
    expect(picks([first], {}, 'approve')).toBe('approve: nothing waits for it; what waits is "phase 3" (retry, skip)');
    expect(picks([], { subject: 'x' })).toBe(
      'x: nothing of that name waits for an answer; the rollout waits for nobody now',
    );
  });
});

test('a command names the question by its id only where its subject is not enough', () => {
  const answers = (question: AddressedQuestion, questions: readonly AddressedQuestion[]): readonly string[] =>
    questionCommands({
      question,
      questions,
      target: { repo: '/r', branch: 'main', uid: 'u1' },
      command: (...words) => words.join(' '),
    }).answer;
  expect(answers(first, [approval, first])[0]).toBe('retry phase 3');
  expect(answers(second, all)).toEqual([
    `retry phase 3 --question ${second.id}`,
    `skip phase 3 --question ${second.id} -m the reason`,
  ]);
});
