import { expect, test } from 'vitest';
import type { TaskStates } from './phase-state.js';
import { phaseView } from './phase-view.js';
import { readPlan } from './read.js';

const reading = readPlan(`name: small
title: A small plan
agents: { A: { kind: command, run: "true" } }
defaults: { approval: { approvers: [owner] } }
phases:
  - id: "1"
    title: One
    tasks:
      - { id: "1.1", title: First, agent: A, branch: feature/a, files: ["a/**"] }
      - { id: "1.2", title: Second, agent: A, branch: feature/b, files: ["b/**"] }
`);

test('ready work that its join point has on the target is landed, while it is proven there and soaks', () => {
  if (!reading.ok) throw new Error('the plan is no plan');
  const work = { branch: 'feature/a', base: 'b', head: 'h', generation: 1 };
  const tasks: TaskStates = { '1.1': { status: 'ready', work }, '1.2': { status: 'ready', work } };
  const report = { node: 'join point of phase 1', workflowId: 'j', status: 'soaks', questions: [], landed: ['1.1'] };
  const view = phaseView(reading.plan.phases[0]!, 'w', tasks, [report], []);
  expect(view.tasks.map(({ status, detail }) => [status, detail])).toEqual([
    ['landed', ''],
    ['ready', 'verified, waits for its landing'],
  ]);
});
