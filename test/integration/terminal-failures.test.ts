/** What no retry of Temporal's mends is put before a person where it happens; whatever ends a phase all the same, its retry knows what it landed. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RolloutHandle } from '../../client/start-rollout.js';
import { defaultSettings } from '../../plan/rollout.js';
import type { AddressedQuestion } from '../../plan/status.js';
import type { RolloutInput } from '../../workflows/contracts.js';
import { engineQueue, joinPointId, phaseId } from '../../workflows/ids.js';
import { abortUpdate, rollbackToUpdate, rolloutStatusQuery } from '../../workflows/messages.js';
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

test('a branch that somebody deletes under a working agent holds its task alone, until it is there again', async () => {
  const plan = aPlan()
    .script('1.1', `touch ${desk}/began; while [ ! -f ${desk}/go ]; do sleep 0.1; done; echo 1.1 > 1.1.txt`)
    .phase('1', (phase) => phase.task('1.1').task('1.2'))
    .with({ defaults: { approval: false } })
    .build();
  const handle = await rig.start(plan, origin, { name: 'deleted-branch' });
  await until(() => existsSync(join(desk, 'began')), 'the agent works', 60_000);
  const head = origin.head('feature/1.1');
  origin.git('update-ref', '-d', 'refs/heads/feature/1.1');
  writeFileSync(join(desk, 'go'), '');
  const hold = await rig.untilAsked(handle, about('task 1.1'), 60_000);
  expect(hold.why).toContain('branch feature/1.1: is gone from the origin; push it again');
  origin.git('update-ref', 'refs/heads/feature/1.1', head);
  await rig.answer(hold, { action: 'retry', by });
  expect((await handle.result()).outcome).toBe('done');
  expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]', '1.2: Task 1.2 [all]']);
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

test('a join point whose comment the origin declines asks, and goes on without it', async () => {
  const plan = aPlan()
    .phase('1', (phase) => phase.task('1.1'))
    .with({ defaults: { approval: false, signOff: { approvers: [by] } } })
    .build();
  const handle = await rig.start(plan, origin, { name: 'declined-said' });
  const signOff = await rig.untilAsked(handle, ({ kind }) => kind === 'signOff', 60_000);
  const allow = origin.refuse('refs/joinpoint/*/pull-');
  await rig.answer(signOff, { action: 'reject', by, comment: 'a secret' });
  const hold = await rig.untilAsked(handle, ({ why }) => why.includes('pull-1.1'), 60_000);
  expect(hold).toMatchObject({ subject: 'join point of phase 1', actions: ['retry', 'skip'] });
  await rig.answer(hold, { action: 'skip', by, comment: 'it stays out' });
  const held = await rig.untilAsked(handle, about('phase 1'), 60_000);
  expect(held.why).toBe('rolled back: owner rejected the sign-off: a secret');
  allow();
  await handle.executeUpdate(abortUpdate, { args: [{ by }] });
  expect((await handle.result()).notes).toEqual([expect.stringMatching(/not every pull request .*: it stays out$/)]);
});

describe('an undo by the rollout itself', () => {
  const isSignOff = ({ kind }: AddressedQuestion): boolean => kind === 'signOff';
  const held =
    (why: string) =>
    (question: AddressedQuestion): boolean =>
      question.kind === 'hold' && question.why.includes(why);

  /** A rollout that has landed a task in each of two phases, and waits for the second sign-off. */
  async function landedTwice(name: string): Promise<RolloutHandle> {
    const plan = aPlan()
      .phase('1', (phase) => phase.task('1.1'))
      .phase('2', (phase) => phase.task('2.1'))
      .with({ defaults: { approval: false, signOff: { approvers: [by] } } })
      .build();
    const handle = await rig.start(plan, origin, { name });
    await rig.answer(await rig.untilAsked(handle, isSignOff, 60_000), { action: 'approve', by });
    await rig.untilAsked(handle, (question) => isSignOff(question) && question.subject.includes('phase 2'), 60_000);
    return handle;
  }

  /** What the rollout keeps in the origin as its last words. */
  async function lastWords(handle: RolloutHandle): Promise<{ readonly outcome: string; readonly notes: string[] }> {
    const { uid } = await handle.query(rolloutStatusQuery);
    const text = origin.read('end.json', `refs/joinpoint/${uid}/rollout`);
    return JSON.parse(text) as { outcome: string; notes: string[] };
  }

  test('asks when somebody ends its landing, and a retry takes it to its end', async () => {
    const before = origin.tree();
    const handle = await landedTwice('ended-undo');
    const allow = origin.refuse('refs/heads/main');
    await handle.executeUpdate(rollbackToUpdate, { args: [{ to: 'start', by, comment: 'no' }] });
    const stuck = await rig.untilAsked(handle, held('refused the push to main'), 60_000);
    await rig.server.client.workflow.getHandle(stuck.workflowId).terminate('to free the lock');
    const hold = await rig.untilAsked(handle, held('its landing was ended'), 60_000);
    expect(hold).toMatchObject({ workflowId: 'rollout/ended-undo', actions: ['retry'] });
    allow();
    await rig.answer(hold, { action: 'retry', by });
    await rig.untilAsked(handle, held('rolled back to the start by owner: no'), 60_000);
    expect(origin.tree()).toBe(before);
    await handle.executeUpdate(abortUpdate, { args: [{ by }] });
    expect((await handle.result()).outcome).toBe('aborted');
    expect(await lastWords(handle)).toMatchObject({ outcome: 'aborted' });
  });

  test('that an abort makes asks about comments that the origin declines, and ends without them', async () => {
    const handle = await landedTwice('declined-comment');
    const allow = origin.refuse('refs/joinpoint/*/pull-');
    await handle.executeUpdate(abortUpdate, { args: [{ by, comment: 'a secret' }] });
    const hold = await rig.untilAsked(handle, held('pull-2.1'), 60_000);
    expect(hold).toMatchObject({ subject: 'undo of phase 2', actions: ['retry', 'skip'] });
    await rig.answer(hold, { action: 'skip', by, comment: 'it stays out' });
    expect((await handle.result()).outcome).toBe('aborted');
    const note = 'undo of phase 2: not every pull request says so, skipped by owner: it stays out';
    expect(await lastWords(handle)).toMatchObject({ outcome: 'aborted', notes: [note] });
    expect(origin.landed().at(-1)).toMatch(/^Undo 2\.1/);
    allow();
  });

  test('is not cut short by a cancellation, which then counts as an abort', async () => {
    const before = origin.tree();
    const handle = await landedTwice('cancelled-undo');
    const allow = origin.refuse('refs/heads/main');
    await handle.executeUpdate(rollbackToUpdate, { args: [{ to: 'start', by, comment: 'no' }] });
    const stuck = await rig.untilAsked(handle, held('refused the push to main'), 60_000);
    await rig.server.client.workflow.getHandle('rollout/cancelled-undo').cancel();
    allow();
    await rig.answer(stuck, { action: 'retry', by });
    expect(await handle.result()).toMatchObject({ outcome: 'aborted', why: 'aborted by temporal workflow cancel' });
    expect(origin.tree()).toBe(before);
    expect(await lastWords(handle)).toMatchObject({ outcome: 'aborted' });
  });
});

test('a phase that was cut between its stages says after a retry what of it still stands', async () => {
  const name = 'cut-stages';
  const waits = `touch ${desk}/proving; while [ ! -f ${desk}/go ]; do sleep 0.1; done`;
  const plan = aPlan()
    .script('1.1', 'mkdir apps core; echo 1 > apps/a; echo 1 > core/a')
    .phase('1', (phase) =>
      phase.task('1.1', { files: ['apps/**', 'core/**'], checks: ['test -f core/a'] }).with({
        stages: [{ name: 'apps', paths: ['apps/**'] }, { name: 'core' }],
        gates: [{ name: 'live', run: `test -f apps/a || exit 0; ${waits}; test ! -f core/a` }],
      }),
    )
    .with({ defaults: { approval: false } })
    .build();
  const handle = await rig.start(plan, origin, { name });
  await until(() => existsSync(join(desk, 'proving')), 'stage apps is proven', 60_000);
  await rig.server.client.workflow.getHandle(joinPointId(name, '1')).terminate('by mistake');
  writeFileSync(join(desk, 'go'), '');
  await rig.answer(await rig.untilAsked(handle, ({ kind }) => kind === 'hold', 60_000), { action: 'retry', by });
  const hold = await rig.untilAsked(handle, ({ why }) => why.startsWith('rolled back'), 60_000);
  expect(hold.why).toMatch(/^rolled back: after stage core, live failed: .*; still on the target: 1\.1$/);
  expect(origin.landed()).toEqual(['1.1: Task 1.1 [apps]', '1.1: Task 1.1 [core]', 'Undo 1.1/core/2']);
  await handle.executeUpdate(abortUpdate, { args: [{ by }] });
  await handle.result();
});
