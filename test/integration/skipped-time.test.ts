/** Weeks in seconds, on the real time-skipping server: soaks and deadlines last as long as the plan says. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startRollout } from '../../client/start-rollout.js';
import type { Plan } from '../../plan/schema.js';
import { createWorkers } from '../../worker/create-worker.js';
import { findTestServer } from '../../worker/embedded/find-binary.js';
import type { RolloutResult } from '../../workflows/contracts.js';
import { searchAttributeTypes } from '../../workflows/search-attributes.js';
import { engineQueue, joinPointId, phaseId } from '../../workflows/ids.js';
import { Origin } from '../harness/origin.js';
import type { operator, OperatorOrder } from '../harness/operator-workflows.js';
import { aPlan } from '../harness/plans.js';
import { quietRuntime } from '../harness/server.js';

const workflowsPath = fileURLToPath(new URL('../harness/operator-workflows.ts', import.meta.url));
const hour = 3_600_000;
const day = 24 * hour;
const name = 'weeks';

let code: string;
beforeAll(async () => {
  quietRuntime();
  ({ code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') }));
});

let home: string;
let origin: Origin;
/** A line for each time that a gate looked. */
let asked: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'joinpoint-home-'));
  origin = Origin.create({ 'README.md': 'start\n' });
  asked = join(home, 'asked');
  writeFileSync(asked, '');
});
afterEach(() => {
  origin.remove();
  rmSync(home, { recursive: true, force: true });
});

const timesAsked = (): number => readFileSync(asked, 'utf8').length;

/** Runs the plan to its end, on a server of its own, with operators who say the same at intervals. */
async function runSkipping(plan: Plan, operators: readonly OperatorOrder[]): Promise<RolloutResult> {
  const { path } = await findTestServer();
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  try {
    // It lists none, so the worker's own way to register them does not work here.
    await env.connection.operatorService.addSearchAttributes({
      namespace: env.namespace ?? 'default',
      searchAttributes: Object.fromEntries(
        Object.keys(searchAttributeTypes).map((key) => [key, encodeSearchAttributeIndexedValueType('KEYWORD')!]),
      ),
    });
    const workers = await createWorkers({
      connection: env.nativeConnection,
      namespace: env.namespace ?? 'default',
      home,
      env: process.env,
      engine: true,
      agents: ['A'],
      options: { workflowBundle: { code } },
    });
    const running = Promise.all(workers.map((worker) => worker.run()));
    const handle = await startRollout({
      client: env.client,
      home,
      name,
      plan,
      files: { 'plan.yaml': JSON.stringify(plan) },
      target: { url: origin.url, branch: 'main' },
      now: Date.now(),
    });
    for (const [at, order] of operators.entries())
      await env.client.workflow.start<typeof operator>('operator', {
        workflowId: `operator-${at}`,
        taskQueue: engineQueue,
        args: [order],
      });
    const result = await handle.result();
    for (const worker of workers) worker.shutdown();
    await running;
    return result;
  } finally {
    await env.teardown();
  }
}

test('a soak of thirty days asks its gates every day, and a question escalates when its deadline has passed', async () => {
  const plan = aPlan()
    .phase('1', (phase) =>
      phase.task('1.1').with({
        gates: [{ name: 'live', run: `echo >> ${asked}` }],
        joinPoint: { soak: { duration: '30d', every: '1d' } },
      }),
    )
    .with({ defaults: { approval: { approvers: ['owner'], deadline: '2d', escalateTo: ['boss'] }, signOff: false } })
    .build();
  const boss = { workflowId: joinPointId(name, '1'), signal: 'approve', by: 'boss', every: '5 hours', times: 20 };
  expect((await runSkipping(plan, [boss])).outcome).toBe('done');
  const { approvals, startedAt, at } = checkpointOf();
  expect(approvals).toMatchObject([{ what: 'approval', by: 'boss', identity: 'claimed' }]);
  const took = at - startedAt;
  expect(took).toBeGreaterThan(32 * day);
  expect(took).toBeLessThan(32 * day + 6 * hour);
  // The baseline, the landing's stage, the phase as a whole, and thirty rounds of the soak.
  expect(timesAsked()).toBe(33);
});

describe('a soak of ten rounds', () => {
  /** The baseline, the landing's stage and the phase as a whole are asked before it. */
  const before = 3;

  /** A gate that is fine but for some rounds, by their number, where it ends with the code given. */
  function soaking(codes: Readonly<Record<number, number>>, onFailure = 'rollback') {
    const cases = Object.entries(codes).map(([round, ended]) => `${before + Number(round)}) exit ${ended} ;;`);
    const run = `echo >> ${asked}; case $(wc -l < ${asked}) in ${cases.join(' ')} esac`;
    return aPlan()
      .phase('1', (phase) =>
        phase
          .task('1.1')
          .with({ onFailure, gates: [{ name: 'live', run }], joinPoint: { soak: { duration: '10h', every: '1h' } } }),
      )
      .with({ defaults: { approval: false } })
      .build();
  }

  const saying = (signal: string, workflowId: string, comment?: string): OperatorOrder => ({
    workflowId,
    signal,
    by: 'owner',
    ...(comment && { comment }),
    every: '10 minutes',
    times: 200,
  });
  const soakSoFar = saying('retry', joinPointId(name, '1'));
  const wholePhase = saying('retry', phaseId(name, '1'));
  const decisions = ({ notes }: RolloutResult): readonly string[] =>
    notes.flatMap((note) => /owner said (\w+ although .*?:).*: known$/.exec(note)?.[1] ?? []);

  test('asks nobody about two rounds in a row without an answer, however often', async () => {
    expect((await runSkipping(soaking({ 1: 75, 2: 75, 4: 75, 5: 75 }), [soakSoFar])).outcome).toBe('done');
    expect(timesAsked()).toBe(before + 10);
  });

  test('looks again after three in a row, and asks when that is no answer either', async () => {
    // The round after that is the first of the next three.
    const result = await runSkipping(soaking({ 2: 75, 3: 75, 4: 75, 5: 75, 7: 75 }), [soakSoFar]);
    expect(result.outcome).toBe('done');
    // The two looks between the rounds: one at once, one when a person said so.
    expect(timesAsked()).toBe(before + 10 + 2);
  });

  test('does not end on rounds without an answer: it looks again, and asks', async () => {
    const result = await runSkipping(soaking({ 9: 75, 10: 75, 11: 75 }), [soakSoFar]);
    expect(result.outcome).toBe('done');
    expect(timesAsked()).toBe(before + 10 + 2);
  });

  test('is over at the first failure, whatever passed before, and the phase is undone', async () => {
    expect((await runSkipping(soaking({ 3: 1 }), [wholePhase])).outcome).toBe('done');
    expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]', 'Undo 1.1/all/1', '1.1: Task 1.1 [all]']);
    // Three rounds, then all again but for the baseline.
    expect(timesAsked()).toBe(before + 3 + before - 1 + 10);
  });

  test('undoes nothing where the plan says hold: it looks again, and asks', async () => {
    expect((await runSkipping(soaking({ 3: 1, 4: 1 }, 'hold'), [soakSoFar])).outcome).toBe('done');
    expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]']);
    expect(timesAsked()).toBe(before + 10 + 2);
  });

  test('asks again about what was skipped, since a skip is for one round', async () => {
    const skipping = saying('skip', joinPointId(name, '1'), 'known');
    const result = await runSkipping(soaking({ 3: 1, 4: 1, 5: 1, 6: 1 }, 'hold'), [skipping]);
    expect(decisions(result)).toEqual(['skip although live failed:', 'skip although live failed:']);
    expect(timesAsked()).toBe(before + 10 + 2);
  });

  const overriding = saying('override', joinPointId(name, '1'), 'known');

  test('asks no more about what was overridden, for as long as it is no worse', async () => {
    const fromTheThirdOn = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [at + 3, 1]));
    const result = await runSkipping(soaking(fromTheThirdOn, 'hold'), [overriding]);
    expect(result.outcome).toBe('done');
    expect(decisions(result)).toEqual(['override although live failed:']);
    expect(timesAsked()).toBe(before + 10 + 1);
  });

  test('asks anew where what was overridden fails after it had passed', async () => {
    const result = await runSkipping(soaking({ 2: 1, 3: 1, 6: 1, 7: 1 }, 'hold'), [overriding]);
    expect(decisions(result)).toHaveLength(2);
    expect(timesAsked()).toBe(before + 10 + 2);
  });

  test('is over at a failure, though a person let the same gate through as one that could not be made', async () => {
    const result = await runSkipping(soaking({ 2: 75, 3: 75, 4: 75, 5: 75, 6: 75, 8: 1 }), [overriding, wholePhase]);
    expect(decisions(result)).toHaveLength(1);
    expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]', 'Undo 1.1/all/1', '1.1: Task 1.1 [all]']);
  });
});

function checkpointOf(): { approvals: unknown; startedAt: number; at: number } {
  const ref = origin.refs('refs/joinpoint/').find((one) => one.endsWith('/join-1'))!;
  const { approvals, at } = JSON.parse(origin.read('checkpoint-1.json', ref)) as { approvals: unknown; at: string };
  const branchRef = origin.refs('refs/joinpoint/').find((one) => one.endsWith('/task-1.1'))!;
  const startedAt = Number(origin.git('log', '--reverse', '--format=%ct', branchRef).split('\n')[0]) * 1_000;
  return { approvals, startedAt, at: Date.parse(at) };
}
