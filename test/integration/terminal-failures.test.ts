/** What no retry of Temporal's mends is put before a person where it happens; whatever ends a phase all the same, its retry knows what it landed. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { defaultSettings } from '../../plan/rollout.js';
import type { AddressedQuestion } from '../../plan/status.js';
import type { RolloutInput } from '../../workflows/contracts.js';
import { engineQueue, joinPointId, phaseId } from '../../workflows/ids.js';
import { abortUpdate } from '../../workflows/messages.js';
import type { runRollout } from '../../workflows/run-rollout.js';
import { Origin } from '../harness/origin.js';
import { aPlan } from '../harness/plans.js';
import { Rig } from '../harness/rig.js';
import { until } from '../harness/until.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterAll(async () => {
  await rig?.stop();
});

let origin: Origin;
/** Outside the repository: what agents and gates look at and leave behind. */
let desk: string;
beforeEach(() => {
  origin = Origin.create({ 'README.md': 'start\n' });
  desk = mkdtempSync(join(tmpdir(), 'joinpoint-desk-'));
});
afterEach(() => {
  origin.remove();
  rmSync(desk, { recursive: true, force: true });
});

const by = 'owner';
const about =
  (subject: string) =>
  (question: AddressedQuestion): boolean =>
    question.subject === subject;

test('an origin that declines what an agent would push holds its task alone, and the rest lands without it', async () => {
  const plan = aPlan()
    .script('1.1', `touch ${desk}/began; while [ ! -f ${desk}/go ]; do sleep 0.1; done; echo secret > 1.1.txt`)
    .phase('1', (phase) => phase.task('1.1').task('1.2'))
    .with({ defaults: { approval: false } })
    .build();
  const handle = await rig.start(plan, origin, { name: 'declined-branch' });
  await until(() => existsSync(join(desk, 'began')), 'the agent works', 60_000);
  const allow = origin.refuse('refs/heads/feature/1.1');
  writeFileSync(join(desk, 'go'), '');
  const hold = await rig.untilAsked(handle, about('task 1.1'), 60_000);
  expect(hold.why).toContain('refused the push to feature/1.1');
  allow();
  await rig.answer(hold, { action: 'skip', by, comment: 'it has a secret in it' });
  expect((await handle.result()).notes).toEqual(['task 1.1: skipped by owner: it has a secret in it']);
  expect(origin.landed()).toEqual(['1.2: Task 1.2 [all]']);
});

test('an origin that takes no tag holds a phase at its very end, which then goes on without one', async () => {
  const allow = origin.refuse('refs/tags/');
  const plan = aPlan()
    .phase('1', (phase) => phase.task('1.1'))
    .with({ defaults: { approval: false } })
    .build();
  const handle = await rig.start(plan, origin, { name: 'declined-tag' });
  const hold = await rig.untilAsked(handle, about('join point of phase 1'), 60_000);
  expect(hold).toMatchObject({ why: expect.stringContaining('refs/tags/'), actions: ['retry', 'skip'] });
  expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]']);
  await rig.answer(hold, { action: 'skip', by, comment: 'no tags here' });
  const result = await handle.result();
  expect(result.outcome).toBe('done');
  expect(result.notes).toEqual([expect.stringMatching(/the checkpoint of phase 1 has no tag: no tags here$/)]);
  expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]']);
  allow();
});

test.each([
  ['phase', phaseId('cut-phase', '1')],
  ['join point', joinPointId('cut-join point', '1')],
])('a %s that is cut short is retried with what it landed and with its first baseline', async (what, workflowId) => {
  const before = origin.tree();
  const plan = aPlan()
    .script('1.1', `echo >> ${desk}/runs; echo x > 1.1.txt`)
    .phase('1', (phase) => phase.task('1.1').with({ gates: [{ name: 'live', run: `test ! -f ${desk}/down` }] }))
    .with({ defaults: { approval: false, signOff: { approvers: ['owner'] } } })
    .build();
  const handle = await rig.start(plan, origin, { name: `cut-${what}` });
  await rig.untilAsked(handle, ({ kind }) => kind === 'signOff', 60_000);
  writeFileSync(join(desk, 'down'), '');
  await rig.server.client.workflow.getHandle(workflowId).terminate('by mistake');
  await rig.answer(await rig.untilAsked(handle, ({ kind }) => kind === 'hold', 60_000), { action: 'retry', by });
  const isRolledBack = ({ why }: AddressedQuestion): boolean => why.startsWith('rolled back');
  expect((await rig.untilAsked(handle, isRolledBack, 60_000)).why).toMatch(/^rolled back: live failed/);
  expect(origin.tree()).toBe(before);
  expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]', 'Undo 1.1/all/1']);
  await handle.executeUpdate(abortUpdate, { args: [{ by }] });
  await handle.result();
});

test('a rollout whose target cannot be opened is ended by an abort', async () => {
  const plan = aPlan()
    .phase('1', (phase) => phase.task('1.1'))
    .build();
  const rollout: RolloutInput['rollout'] = {
    name: 'unreachable',
    uid: 'u1',
    title: plan.title,
    repo: join(desk, 'nowhere'),
    branch: 'main',
    planCommit: '0'.repeat(40),
    settings: defaultSettings,
  };
  const handle = await rig.server.client.workflow.start<typeof runRollout>('runRollout', {
    workflowId: 'rollout/unreachable',
    taskQueue: engineQueue,
    args: [{ rollout, plan }],
  });
  await handle.executeUpdate(abortUpdate, { args: [{ by }] });
  expect(await handle.result()).toMatchObject({ outcome: 'aborted', why: 'aborted by owner' });
});
