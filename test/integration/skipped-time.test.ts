/** Weeks in seconds, on the real time-skipping server: soaks and deadlines last as long as the plan says. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { startRollout } from '../../client/start-rollout.js';
import { createWorkers } from '../../worker/create-worker.js';
import { findTestServer } from '../../worker/embedded/find-binary.js';
import { searchAttributeTypes } from '../../workflows/search-attributes.js';
import { engineQueue, joinPointId } from '../../workflows/ids.js';
import { Origin } from '../harness/origin.js';
import type { operator } from '../harness/operator-workflows.js';
import { aPlan } from '../harness/plans.js';
import { quietRuntime } from '../harness/server.js';

const workflowsPath = fileURLToPath(new URL('../harness/operator-workflows.ts', import.meta.url));
const hour = 3_600_000;
const day = 24 * hour;

test('a soak of thirty days asks its gates every day, and a question escalates when its deadline has passed', async () => {
  quietRuntime();
  const { path } = await findTestServer();
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  // It lists none, so the worker's own way to register them does not work here.
  await env.connection.operatorService.addSearchAttributes({
    namespace: env.namespace ?? 'default',
    searchAttributes: Object.fromEntries(
      Object.keys(searchAttributeTypes).map((name) => [name, encodeSearchAttributeIndexedValueType('KEYWORD')!]),
    ),
  });
  const home = mkdtempSync(join(tmpdir(), 'joinpoint-home-'));
  const origin = Origin.create({ 'README.md': 'start\n' });
  const asked = join(home, 'asked');
  writeFileSync(asked, '');
  try {
    const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
    const workers = await createWorkers({
      connection: env.nativeConnection,
      namespace: env.namespace ?? 'default',
      home,
      env: process.env,
      engine: true,
      agents: ['A'],
      options: { workflowBundle: { code } },
    });
    const plan = aPlan()
      .phase('1', (phase) =>
        phase.task('1.1').with({
          gates: [{ name: 'live', run: `echo >> ${asked}` }],
          joinPoint: { soak: { duration: '30d', every: '1d' } },
        }),
      )
      .with({ defaults: { approval: { approvers: ['owner'], deadline: '2d', escalateTo: ['boss'] }, signOff: false } })
      .build();
    const running = Promise.all(workers.map((worker) => worker.run()));
    const handle = await startRollout({
      client: env.client,
      home,
      name: 'weeks',
      plan,
      files: { 'plan.yaml': JSON.stringify(plan) },
      target: { url: origin.url, branch: 'main' },
      now: Date.now(),
    });
    await env.client.workflow.start<typeof operator>('operator', {
      workflowId: 'operator',
      taskQueue: engineQueue,
      args: [{ workflowId: joinPointId('weeks', '1'), signal: 'approve', by: 'boss', every: '5 hours', times: 20 }],
    });
    const result = await handle.result();
    for (const worker of workers) worker.shutdown();
    await running;
    expect(result.outcome).toBe('done');
    const { approvals, startedAt, at } = checkpointOf(origin);
    expect(approvals).toMatchObject([{ what: 'approval', by: 'boss', identity: 'claimed' }]);
    const took = at - startedAt;
    expect(took).toBeGreaterThan(32 * day);
    expect(took).toBeLessThan(32 * day + 6 * hour);
    // The baseline, the landing's stage, the phase as a whole, and thirty rounds of the soak.
    expect(
      readFileSync(asked, 'utf8')
        .split('\n')
        .filter((line) => line === ''),
    ).toHaveLength(34);
  } finally {
    await env.teardown();
    origin.remove();
    rmSync(home, { recursive: true, force: true });
  }
});

function checkpointOf(origin: Origin): { approvals: unknown; startedAt: number; at: number } {
  const ref = origin.refs('refs/joinpoint/').find((name) => name.endsWith('/join-1'))!;
  const { approvals, at } = JSON.parse(origin.read('checkpoint-1.json', ref)) as { approvals: unknown; at: string };
  const branchRef = origin.refs('refs/joinpoint/').find((name) => name.endsWith('/task-1.1'))!;
  const startedAt = Number(origin.git('log', '--reverse', '--format=%ct', branchRef).split('\n')[0]) * 1_000;
  return { approvals, startedAt, at: Date.parse(at) };
}
