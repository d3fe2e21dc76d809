/** What a person may tell a running rollout: pause, skip, override, roll back; and what a quarantine leaves behind. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { abortUpdate, pauseUpdate, resumeUpdate, rollbackToUpdate } from '../../workflows/messages.js';
import { Origin } from '../harness/origin.js';
import { aPlan } from '../harness/plans.js';
import { agreeable, type Operator, Rig } from '../harness/rig.js';
import { until } from '../harness/until.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterAll(async () => {
  await rig?.stop();
});

let origin: Origin;
let desk: string;
beforeEach(() => {
  origin = Origin.create({ 'README.md': 'start\n' });
  desk = mkdtempSync(join(tmpdir(), 'joinpoint-desk-'));
});
afterEach(() => {
  origin.remove();
  rmSync(desk, { recursive: true, force: true });
});

/** Leaves holds and sign-offs to the test. */
const approving: Operator = (question) => (question.kind === 'approval' ? agreeable(question) : undefined);

test('a paused rollout finishes what runs and begins nothing new until it is resumed', async () => {
  const plan = aPlan()
    .script('1.1', `touch ${desk}/began; while [ ! -f ${desk}/go ]; do sleep 0.1; done; echo 1.1 > 1.1.txt`)
    .phase('1', (phase) => phase.task('1.1').task('1.2', { needs: ['1.1'] }))
    .build();
  const handle = await rig.start(plan, origin, { name: 'paused' });
  await until(() => existsSync(join(desk, 'began')), 'the agent works');
  await handle.executeUpdate(pauseUpdate, { args: [{ by: 'owner', comment: 'away' }] });
  await expect(handle.executeUpdate(pauseUpdate, { args: [{ by: 'owner' }] })).rejects.toMatchObject({
    cause: { message: expect.stringContaining('is paused already') },
  });
  writeFileSync(join(desk, 'go'), '');
  const statusOf = async (task: string) => (await rig.view(handle)).phase?.tasks.find(({ id }) => id === task)?.status;
  await expect.poll(() => statusOf('1.1'), { timeout: 20_000 }).toBe('ready');
  expect(await statusOf('1.2')).toBe('waiting');
  expect((await rig.view(handle)).rollout).toMatchObject({ status: 'paused', pause: { by: 'owner', why: 'away' } });
  await handle.executeUpdate(resumeUpdate, { args: [{ by: 'owner' }] });
  expect((await rig.operate(handle)).outcome).toBe('done');
  expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]', '1.2: Task 1.2 [all]']);
});

test('a phase that begins in a pause asks its gates only when that is over: what was broken meanwhile was not broken before', async () => {
  const gate = `echo >> ${desk}/asked; test ! -f ${desk}/maintenance`;
  const plan = aPlan()
    .phase('1', (phase) => phase.task('1.1').with({ joinPoint: { signOff: { approvers: ['owner'] } } }))
    .phase('2', (phase) => phase.with({ gates: [{ name: 'live', run: gate }] }))
    .build();
  const handle = await rig.start(plan, origin, { name: 'maintenance' });
  void rig.operate(handle, approving);
  const signOff = await rig.untilAsked(handle, ({ kind }) => kind === 'signOff');
  await handle.executeUpdate(pauseUpdate, { args: [{ by: 'owner' }] });
  writeFileSync(join(desk, 'maintenance'), '');
  await rig.answer(signOff, { action: 'approve', by: 'owner' });
  await expect.poll(async () => (await rig.view(handle)).phase?.id, { timeout: 20_000 }).toBe('2');
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(existsSync(join(desk, 'asked'))).toBe(false);
  rmSync(join(desk, 'maintenance'));
  await handle.executeUpdate(resumeUpdate, { args: [{ by: 'owner' }] });
  expect((await handle.result()).outcome).toBe('done');
  // The baseline, and the phase as a whole.
  expect(readFileSync(join(desk, 'asked'), 'utf8')).toHaveLength(2);
});

test('a soak makes no round in a pause: what somebody works on then undoes nothing', async () => {
  const gate = `echo >> ${desk}/asked; test ! -f ${desk}/maintenance`;
  const plan = aPlan()
    .phase('1', (phase) =>
      phase
        .task('1.1')
        .with({ gates: [{ name: 'live', run: gate }], joinPoint: { soak: { duration: '10s', every: '1s' } } }),
    )
    .with({ defaults: { approval: false } })
    .build();
  const handle = await rig.start(plan, origin, { name: 'paused-soak' });
  const soaks = async () => (await rig.view(handle)).phase?.reports.some(({ status }) => status === 'soaks');
  await expect.poll(soaks, { timeout: 60_000 }).toBe(true);
  await handle.executeUpdate(pauseUpdate, { args: [{ by: 'owner' }] });
  // A round that has begun is made.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const asked = readFileSync(join(desk, 'asked'), 'utf8').length;
  writeFileSync(join(desk, 'maintenance'), '');
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(readFileSync(join(desk, 'asked'), 'utf8')).toHaveLength(asked);
  rmSync(join(desk, 'maintenance'));
  await handle.executeUpdate(resumeUpdate, { args: [{ by: 'owner' }] });
  expect((await handle.result()).outcome).toBe('done');
  expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]']);
});

test('what a task has made lands by itself only when a pause is over, whatever run of its phase it is', async () => {
  const plan = aPlan()
    .script('1.2', `touch ${desk}/began; while [ ! -f ${desk}/go ]; do sleep 0.1; done; echo 1.2 > 1.2.txt`)
    .phase('1', (phase) =>
      phase
        .task('1.1')
        .task('1.2', { needs: ['1.1'] })
        .with({ land: 'each' }),
    )
    .with({ defaults: { approval: false } })
    .build();
  const settings = { heartbeatMs: 5_000, tasksPerRun: 1 };
  const handle = await rig.start(plan, origin, { name: 'paused-each', settings });
  await until(() => existsSync(join(desk, 'began')), 'the agent works', 60_000);
  await handle.executeUpdate(pauseUpdate, { args: [{ by: 'owner' }] });
  writeFileSync(join(desk, 'go'), '');
  const statusOf = async (task: string) => (await rig.view(handle)).phase?.tasks.find(({ id }) => id === task)?.status;
  await expect.poll(() => statusOf('1.2'), { timeout: 20_000 }).toBe('ready');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]']);
  await handle.executeUpdate(resumeUpdate, { args: [{ by: 'owner' }] });
  expect((await handle.result()).outcome).toBe('done');
  expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]', '1.2: Task 1.2 [all]']);
});

test('a phase whose last task lands in a pause asks for no sign-off before that is over', async () => {
  const plan = aPlan()
    .phase('1', (phase) => phase.task('1.1').with({ land: 'each' }))
    .with({ defaults: { approval: false, signOff: { approvers: ['owner'] } } })
    .build();
  const handle = await rig.start(plan, origin, { name: 'paused-at-the-end' });
  const allow = origin.refuse('refs/heads/main');
  const hold = await rig.untilAsked(handle, ({ kind }) => kind === 'hold', 60_000);
  await handle.executeUpdate(pauseUpdate, { args: [{ by: 'owner' }] });
  allow();
  await rig.answer(hold, { action: 'retry', by: 'owner' });
  const isLanded = async () => (await rig.view(handle)).phase?.tasks[0]?.status === 'landed';
  await expect.poll(isLanded, { timeout: 20_000 }).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await rig.questions(handle)).toEqual([]);
  await handle.executeUpdate(resumeUpdate, { args: [{ by: 'owner' }] });
  expect((await rig.operate(handle)).outcome).toBe('done');
});

test('a task that fails for good is skipped with a reason, and the rest of its phase lands', async () => {
  const plan = aPlan()
    .script('1.1', 'exit 3')
    .phase('1', (phase) => phase.task('1.1', { attempts: 1 }).task('1.2'))
    .build();
  const handle = await rig.start(plan, origin, { name: 'skipped' });
  const hold = await rig.untilAsked(handle, ({ kind }) => kind === 'hold');
  expect(hold.why).toContain('exited with code 3');
  await expect(rig.answer(hold, { action: 'skip', by: 'owner' })).rejects.toMatchObject({
    cause: { message: expect.stringContaining('reason') },
  });
  await rig.answer(hold, { action: 'skip', by: 'owner', comment: 'not needed any more' });
  const result = await rig.operate(handle);
  expect(result.outcome).toBe('done');
  expect(result.notes).toEqual(['task 1.1: skipped by owner: not needed any more']);
  expect(origin.landed()).toEqual(['1.2: Task 1.2 [all]']);
});

test('an override lands work whose check fails, and says so on its pull request', async () => {
  const plan = aPlan()
    .phase('1', (phase) => phase.task('1.1', { attempts: 1, checks: ['test -f 1.1.txt', 'test -f never'] }))
    .build();
  const handle = await rig.start(plan, origin, { name: 'overridden' });
  const hold = await rig.untilAsked(handle, ({ kind }) => kind === 'hold');
  await rig.answer(hold, { action: 'override', by: 'owner', comment: 'the check is wrong' });
  const approval = await rig.untilAsked(handle, ({ kind }) => kind === 'approval');
  expect(approval.evidence?.summary).toMatch(/^2 checks passed, 1 overridden \(check test -f never\); /);
  expect((await rig.operate(handle)).outcome).toBe('done');
  expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]']);
  const pull = origin.refs('refs/joinpoint/').find((ref) => ref.endsWith('/pull-1.1'))!;
  expect(origin.read('pull.md', pull)).toContain('the check is wrong');
});

test.each(['1', 'start'])(
  'a rollback to %s undoes every phase after it, and the plan goes on from there',
  async (to) => {
    const plan = aPlan()
      .phase('1', (phase) => phase.task('1.1'))
      .phase('2', (phase) => phase.task('2.1').with({ land: 'each' }))
      .phase('3', (phase) => phase.task('3.1'))
      .build();
    const handle = await rig.start(plan, origin, { name: `back-to-${to}` });
    const inPhase3: Operator = (question) => (question.subject.includes('phase 3') ? undefined : agreeable(question));
    const goingOn = rig.operate(handle, inPhase3);
    await rig.untilAsked(handle, ({ kind, subject }) => kind === 'approval' && subject.includes('phase 3'), 60_000);
    await expect(
      handle.executeUpdate(rollbackToUpdate, { args: [{ to: '7', by: 'owner', comment: 'x' }] }),
    ).rejects.toMatchObject({ cause: { message: expect.stringContaining('has no checkpoint 7') } });
    await handle.executeUpdate(rollbackToUpdate, { args: [{ to, by: 'owner', comment: 'something is off' }] });
    const hold = await rig.untilAsked(handle, ({ kind }) => kind === 'hold');
    expect(hold.why).toContain('something is off');
    const stands = origin.git('ls-tree', '--name-only', 'main').split('\n').filter(Boolean);
    expect(stands).toEqual(to === '1' ? ['1.1.txt', 'README.md'] : ['README.md']);
    const pull = origin.refs('refs/joinpoint/').find((ref) => ref.endsWith('/pull-2.1'))!;
    expect(origin.read('pull.md', pull)).toMatch(/Undone: rolled back to .* by owner: something is off/);
    await rig.answer(hold, { action: 'retry', by: 'owner' });
    await rig.operate(handle);
    expect((await goingOn).outcome).toBe('done');
    expect(origin.git('ls-tree', '--name-only', 'main').split('\n').filter(Boolean)).toEqual([
      '1.1.txt',
      '2.1.txt',
      '3.1.txt',
      'README.md',
    ]);
    expect(origin.isLinear()).toBe(true);
  },
);

test('a quarantine keeps what holds data, suspends it, and leaves a task for a person', async () => {
  const kustomization = [
    'apiVersion: kustomize.toolkit.fluxcd.io/v1',
    'kind: Kustomization',
    'metadata: { name: db }',
    'spec:',
    '  path: ./db # the data',
    '  prune: true',
    '',
  ].join('\n');
  writeFileSync(join(desk, 'ks.yaml'), kustomization);
  const plan = aPlan()
    .script('1.1', `mkdir -p db; cp ${desk}/ks.yaml db/ks.yaml; echo x > app.txt`)
    .phase('1', (phase) =>
      phase.task('1.1', {
        files: ['db/**', 'app.txt'],
        checks: ['test -f db/ks.yaml'],
        undo: { class: 'quarantine', keep: ['db/**'], note: 'dump the database first' },
      }),
    )
    .with({ defaults: { approval: { approvers: ['owner'] }, signOff: { approvers: ['owner'] } } })
    .build();
  const handle = await rig.start(plan, origin, { name: 'quarantined' });
  void rig.operate(handle, approving);
  const signOff = await rig.untilAsked(handle, ({ kind }) => kind === 'signOff');
  await rig.answer(signOff, { action: 'reject', by: 'owner', comment: 'no' });
  await rig.untilAsked(handle, ({ kind }) => kind === 'hold');
  expect(origin.read('db/ks.yaml')).toBe(kustomization.replace('  path:', '  suspend: true\n  path:'));
  expect(() => origin.read('app.txt')).toThrow('app.txt');
  const { rollout } = await rig.view(handle);
  expect(rollout.manualTasks).toEqual([
    { phase: '1', task: '1.1', what: expect.stringContaining('dump the database first') },
  ]);
  await handle.executeUpdate(abortUpdate, { args: [{ by: 'owner', keep: true }] });
  await handle.result();
});
