/** Messages of any shape, at any time: no workflow is stopped by one, and each is answered in words. */
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Context } from '../../client/context.js';
import { answerQuestion } from '../../client/deliver.js';
import { defaultSettings, type RolloutRef } from '../../plan/rollout.js';
import type { AddressedQuestion } from '../../plan/status.js';
import { plainStyle } from '../../plan/render-style.js';
import type { JoinPointInput, LandInput, PhaseInput, RolloutInput, TaskInput } from '../../workflows/contracts.js';
import { engineQueue, phaseId, rolloutId } from '../../workflows/ids.js';
import { Origin } from '../harness/origin.js';
import { aPlan } from '../harness/plans.js';
import { Rig } from '../harness/rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterAll(async () => {
  await rig?.stop();
});

let origin: Origin;
beforeEach(() => {
  origin = Origin.create({ 'README.md': 'start\n' });
});
afterEach(() => {
  origin.remove();
});

const handleOf = (workflowId: string): WorkflowHandle => rig.server.client.workflow.getHandle(workflowId);

/** How its workflow tasks ended, oldest first. */
async function stepsOf(workflowId: string): Promise<readonly ('completed' | 'failed')[]> {
  const { events } = await handleOf(workflowId).fetchHistory();
  return (events ?? []).flatMap((event) => {
    if (event.workflowTaskCompletedEventAttributes) return ['completed'];
    return event.workflowTaskFailedEventAttributes ? ['failed'] : [];
  });
}

/** Whoever answers as the command line does, with `--signal`. */
function aContext(said: string[]): Context {
  return {
    home: rig.home,
    homeIsExplicit: false,
    address: rig.server.address,
    json: false,
    as: 'owner',
    asIsExplicit: true,
    program: 'joinpoint',
    env: {},
    style: plainStyle,
    isTerminal: false,
    say: (line) => void said.push(line),
    warn: () => undefined,
    tell: () => undefined,
  };
}

describe('a message that comes before the first step of', () => {
  const plan = aPlan()
    .phase('1', (phase) => phase.task('1.1'))
    .build();
  const phase = plan.phases[0]!;
  const { tasks: _, ...bare } = phase;
  const task = phase.tasks[0]!;
  const shared = (): { rollout: RolloutRef; reportTo: string; paused: boolean } => ({
    rollout: {
      name: 'early',
      uid: 'u1',
      title: plan.title,
      repo: join(origin.url, 'nowhere'),
      branch: 'main',
      repoId: 'early',
      start: '0'.repeat(40),
      planCommit: '0'.repeat(40),
      settings: defaultSettings,
    },
    reportTo: 'nobody',
    paused: false,
  });
  const inputs = {
    runRollout: (): RolloutInput => ({ rollout: shared().rollout, plan }),
    runPhase: (): PhaseInput => ({ ...shared(), plan, phase, n: 1 }),
    runTask: (): TaskInput => ({
      ...shared(),
      phase,
      task,
      agent: plan.agents['A']!,
      attempts: 1,
      start: { generation: 1, feedback: [] },
      stackOn: [],
      staticChecks: [],
    }),
    runJoinPoint: (): JoinPointInput => ({
      ...shared(),
      phase: bare,
      subject: 'join point',
      writer: 'join-1',
      units: [],
      n: 1,
      staticChecks: [],
      gates: [],
      baseline: [],
      approval: false,
      signOff: false,
      onFailure: 'hold',
      closes: true,
      waivers: {},
      landedBefore: [],
      authors: [],
    }),
    land: (): LandInput => ({
      ...shared(),
      phase: '1',
      node: 'landing',
      job: { kind: 'undo', compensations: [], reason: 'none' },
    }),
  };

  test.each([
    ['runRollout', 'pause', { by: 'owner' }],
    ['runPhase', 'holdStill', true],
    ['runTask', 'holdStill', true],
    ['runJoinPoint', 'holdStill', true],
    ['land', 'holdStill', true],
    ['runRollout', 'pause', undefined],
    ['runRollout', 'retry', undefined],
    ['runRollout', 'report', { node: 'x', workflowId: 'x', status: 'x', questions: [] } as never],
    ['runPhase', 'retry', undefined],
    ['runTask', 'retry', undefined],
    ['runJoinPoint', 'retry', undefined],
    ['land', 'retry', undefined],
  ] as const)('%s does not stop it: %s %j', async (workflow, signal, said) => {
    const workflowId = `early/${workflow}/${signal}/${said === undefined ? 'nothing' : 'something'}`;
    await rig.server.client.workflow.signalWithStart<Workflow, [unknown?]>(workflow, {
      workflowId,
      taskQueue: engineQueue,
      args: [inputs[workflow]()],
      signal,
      signalArgs: said === undefined ? [] : [said],
    });
    await expect.poll(() => stepsOf(workflowId), { timeout: 20_000 }).not.toEqual([]);
    expect((await stepsOf(workflowId))[0]).toBe('completed');
    await handleOf(workflowId)
      .terminate()
      .catch(() => undefined);
  });
});

/** What no joinpoint sends, and Temporal's own command line or UI can. */
const misshapen: readonly ([] | [unknown])[] = [
  [],
  [null],
  ['owner'],
  [{}],
  [{ by: 7 }],
  [{ by: 'owner', comment: 5 }],
  [{ by: 'owner', comment: 'x', tasks: '1.1' }],
  [{ by: 'owner', comment: 'x', items: 'x' }],
  [{ by: 'owner', comment: 'x', evidence: {} }],
  [{ by: 'owner', comment: 'x', commit: 1 }],
  [{ by: 'owner', comment: 'x', question: 1 }],
  [{ by: 'owner', comment: 'x', uid: 1 }],
];

/** Sends each as a Signal and as an Update; every Update is refused in words. */
async function misspeakTo(workflowId: string, names: readonly string[]): Promise<void> {
  const handle = handleOf(workflowId);
  for (const name of names) for (const args of misshapen) await handle.signal(name, ...args);
  for (const name of names)
    for (const args of misshapen)
      await expect(handle.executeUpdate(name, { args: args as [unknown] })).rejects.toMatchObject({
        cause: { message: expect.stringMatching(/: (the message (says nothing|names nobody)|"\w+" of the message)/) },
      });
}

test('no message of a wrong shape stops a workflow or counts, and a landing is answered with --signal', async () => {
  const plan = aPlan()
    .phase('1', (phase) => phase.task('1.1', { agent: 'H' }).task('1.2'))
    .with({ defaults: { approval: false, signOff: { approvers: ['owner'] } } })
    .build();
  const name = 'misspoken';
  const handle = await rig.start(plan, origin, { name });
  const about =
    (kind: AddressedQuestion['kind']) =>
    (question: AddressedQuestion): boolean =>
      question.kind === kind;
  const stillAsked = async ({ id }: AddressedQuestion): Promise<boolean> =>
    (await rig.questions(handle)).some((question) => question.id === id);

  const work = await rig.untilAsked(handle, about('work'), 60_000);
  const phase = phaseId(name, '1');
  await misspeakTo(work.workflowId, ['done', 'skip', 'retry']);
  await misspeakTo(phase, ['retry', 'skip', 'approve']);
  await misspeakTo(rolloutId(name), ['pause', 'resume', 'abort', 'rollbackTo', 'retry']);
  expect((await rig.view(handle)).rollout.status).toBe('running');
  expect(await stillAsked(work)).toBe(true);

  const allow = origin.refuse('refs/heads/main');
  await rig.answer(work, { action: 'skip', by: 'owner', comment: 'not now' });
  const hold = await rig.untilAsked(handle, about('hold'), 60_000);
  expect(hold.workflowId).toMatch(/^land\/.*\/main$/);
  await misspeakTo(hold.workflowId, ['retry', 'rollback']);
  expect(await stillAsked(hold)).toBe(true);
  allow();
  const said: string[] = [];
  await answerQuestion(aContext(said), { rollout: name, signal: true }, 'retry', 'land', { by: 'owner' });
  expect(said).toEqual([`${hold.workflowId}: retry is left as a signal; a worker judges it when it comes`]);

  const signOff = await rig.untilAsked(handle, about('signOff'), 60_000);
  await misspeakTo(signOff.workflowId, ['approve', 'reject']);
  expect(await stillAsked(signOff)).toBe(true);
  await rig.answer(signOff, { action: 'approve', by: 'owner' });
  expect((await handle.result()).outcome).toBe('done');
  expect(origin.landed()).toEqual(['1.2: Task 1.2 [all]']);
  const ids = [rolloutId(name), phase, work.workflowId, hold.workflowId, signOff.workflowId];
  expect((await Promise.all(ids.map(stepsOf))).flat()).not.toContain('failed');
});
