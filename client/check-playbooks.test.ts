import { expect, test } from 'vitest';
import { readPlan } from '../plan/read.js';
import { aPlan } from '../test/harness/plans.js';
import { playbookProblems } from './check-playbooks.js';

const task = { agent: 'P', files: ['**'], checks: [] };
const planWith = (first: object, second: object = { name: 'resource-limits' }) =>
  aPlan()
    .phase('1', (phase) => phase.task('1.1', { ...task, playbook: first }))
    .phase('2', (phase) =>
      phase.task('2.1', { agent: 'P', files: ['**'], checks: ['true'] }).task('2.2', { ...task, playbook: second }),
    )
    .with({ agents: { P: { kind: 'command', run: 'true' } } })
    .build();
const problems = (...uses: Parameters<typeof planWith>) =>
  playbookProblems(planWith(...uses)).map(({ path, what }) => [path.join('.'), what]);

test('a plan whose playbooks are there and take what they are given has none', () => {
  expect(problems({ name: 'flux-standardization', with: { retries: 5 } })).toEqual([]);
});

test('a playbook that is not there: where it is named, and what there is', () => {
  expect(problems({ name: 'flux-standards' })).toEqual([
    [
      'phases.0.tasks.0.playbook.name',
      expect.stringMatching(/^playbook flux-standards is not one of this version; use one of .*flux-standardization/),
    ],
  ]);
});

test('each parameter that is not taken, of each task', () => {
  const see = (name: string) => `see joinpoint playbook show ${name}`;
  const bad = { name: 'flux-standardization', with: { retries: 0, timeouts: '5m' } };
  expect(
    Object.fromEntries(problems(bad, { name: 'resource-limits', with: { charts: { loki: { a: ['1m'] } } } })),
  ).toEqual({
    'phases.0.tasks.0.playbook.with.retries': `playbook flux-standardization does not take retries: too small: expected number to be >=1; ${see('flux-standardization')}`,
    'phases.0.tasks.0.playbook.with.timeouts': `playbook flux-standardization does not take timeouts: there is no such parameter; ${see('flux-standardization')}`,
    'phases.1.tasks.1.playbook.with.charts.loki.a': expect.stringMatching(
      /^playbook resource-limits does not take charts\.loki\.a: .+; see joinpoint playbook show resource-limits$/,
    ),
  });
});

test('are part of reading a plan, with their lines', () => {
  const text = `name: a
title: A
defaults: { approval: { approvers: [owner] } }
phases:
  - id: '1'
    title: One
    tasks:
      - id: '1.1'
        title: A
        agent: P
        branch: a
        files: ['**']
        playbook:
          name: flux-standardization
          with:
            retries: 0
agents: { P: { kind: playbook } }
`;
  const reading = readPlan(text, playbookProblems);
  expect(reading.ok ? [] : reading.problems.map(({ place, path }) => `${place} ${path.join('.')}`)).toEqual([
    '16:22 phases.0.tasks.0.playbook.with.retries',
  ]);
});
