/** The two programs that are compared: a plan of no-op tasks in one phase through the real workflows, and its bare counterpart. */
import type { Client } from '@temporalio/client';
import { defaultSettings } from '../../plan/rollout.js';
import { engineQueue, rolloutId } from '../../workflows/ids.js';
import type { runRollout } from '../../workflows/run-rollout.js';
import { rolloutAttributes } from '../../workflows/search-attributes.js';
import { aPlan } from '../harness/plans.js';
import type { bareRollout, BareInput } from './bare-workflows.js';

/** Tasks that an agent's lane has open at once, in both. */
const concurrency = 8;

/** Runs the engine to the rollout's end. */
export async function runEngine(client: Client, name: string, tasks: number): Promise<void> {
  const plan = aPlan()
    .phase('1', (phase) => {
      for (let at = 1; at <= tasks; at++) phase.task(`1.${at}`, { checks: [] });
      return phase;
    })
    .with({ agents: { A: { kind: 'command', run: 'true', concurrency } }, defaults: { approval: false } })
    .build();
  const { title } = plan;
  const repo = 'file:///bench.git';
  const rollout = {
    name,
    uid: 'bench',
    title,
    repo,
    branch: 'main',
    planCommit: '2'.repeat(40),
    settings: defaultSettings,
  };
  const { outcome } = await client.workflow.execute<typeof runRollout>('runRollout', {
    workflowId: rolloutId(name),
    taskQueue: engineQueue,
    typedSearchAttributes: rolloutAttributes(name),
    args: [{ rollout, plan }],
  });
  if (outcome !== 'done') throw new Error(`rollout ${name}: ended ${outcome}; the measurement is void`);
}

/** Runs the bare program, with as many activities as the engine was counted to make. */
export async function runBare(
  client: Client,
  name: string,
  tasks: number,
  calls: Readonly<Record<string, number>>,
): Promise<void> {
  const total = Object.values(calls).reduce((sum, count) => sum + count, 0);
  const onEngine = total - tasks;
  const enginePerTask = Math.floor(onEngine / tasks);
  const input: BareInput = { name, tasks, concurrency, enginePerTask, rest: onEngine - enginePerTask * tasks };
  await client.workflow.execute<typeof bareRollout>('bareRollout', {
    workflowId: name,
    taskQueue: engineQueue,
    args: [input],
  });
}
