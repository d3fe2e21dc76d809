import { expect, test } from 'vitest';
import type { Question } from '../plan/question.js';
import { questionCommands } from './next-commands.js';

function held(change: Partial<Question>): Question {
  return {
    id: 'hold-1-x',
    kind: 'hold',
    subject: 'task 1.3',
    why: '3 attempts failed; the last: the agent exited with code 3',
    forWhom: [],
    need: 1,
    authors: [],
    askedAt: 0,
    escalateTo: [],
    actions: ['retry', 'done', 'skip'],
    tasks: [],
    items: [],
    ...change,
  };
}

function look(question: Question): readonly string[] {
  const target = { repo: '/srv/lab.git', branch: 'main', uid: 'u1' };
  return questionCommands({ question, questions: [question], target, command: (...words) => words.join(' ') }).look;
}

const log = 'git -C /srv/lab.git log -p -1 --first-parent refs/joinpoint/u1/task-1.3 -- "attempts/*.log"';

test('what a failed agent said can be looked at, also where it left no work', () => {
  expect(look(held({}))).toEqual([log]);
  const evidence = { commit: '0123456789abcdef', ref: 'refs/joinpoint/u1/task-1.3:checks/1-1.json', summary: '' };
  expect(look(held({ why: 'the agent did not end within 1h', evidence }))).toEqual([
    'git -C /srv/lab.git log -p --reverse main..0123456789ab',
    'git -C /srv/lab.git show refs/joinpoint/u1/task-1.3:checks/1-1.json',
    log,
  ]);
});

test('where a check failed there is nothing to see in what the agent said', () => {
  expect(look(held({ why: '3 attempts failed; the last: No release without a limit failed' }))).toEqual([]);
  expect(look(held({ subject: 'phase 1' }))).toEqual([]);
});
