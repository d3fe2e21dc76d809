/** Land, fail, undo, retry: the tree is the checkpoint's, plus what others pushed; the history only grows; a retry ends as an untroubled run. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RolloutHandle } from '../../client/start-rollout.js';
import { abortUpdate, rolloutStatusQuery } from '../../workflows/messages.js';
import { Origin } from '../harness/origin.js';
import { aPlan } from '../harness/plans.js';
import { agreeable, type Operator, Rig } from '../harness/rig.js';
import { until } from '../harness/until.js';

const files = { 'README.md': 'start\n', 'apps/a.yaml': 'a: 1\n', 'core/b.yaml': 'b: 1\n' };
const foreign = { 'foreign.txt': 'somebody else\n' };

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterAll(async () => {
  await rig?.stop();
});

let origin: Origin;
/** Stands for the cluster: a folder outside the repository whose files make the gate wait or fail. */
let cluster: string;
beforeEach(() => {
  origin = Origin.create(files);
  cluster = mkdtempSync(join(tmpdir(), 'joinpoint-cluster-'));
});
afterEach(() => {
  origin.remove();
  rmSync(cluster, { recursive: true, force: true });
});

const set = (flag: string): void => writeFileSync(join(cluster, flag), '');
const clear = (flag: string): void => rmSync(join(cluster, flag), { force: true });

/** Two tasks that each edit a non-critical and a critical path, landed in two stages; then a small second phase. */
function stagedPlan() {
  const gate = `touch ${cluster}/asked; grep -q one apps/a.yaml || exit 0; while [ -f ${cluster}/wait ]; do sleep 0.1; done; test ! -f ${cluster}/broken`;
  return aPlan()
    .script('1.1', 'grep -q one apps/a.yaml || echo "one: 1" >> apps/a.yaml; echo "one: 1" > core/one.yaml')
    .script('1.2', 'echo two > apps/two.yaml; echo "two: 1" > core/two.yaml')
    .phase('1', (phase) =>
      phase
        .task('1.1', { files: ['apps/**', 'core/**'], checks: ['grep -q one apps/a.yaml'] })
        .task('1.2', { files: ['apps/**', 'core/**'], checks: ['test -f core/two.yaml'] })
        .with({
          stages: [{ name: 'apps', paths: ['apps/**'] }, { name: 'core' }],
          gates: [{ name: 'live', run: gate }],
        }),
    )
    .phase('2', (phase) => phase.task('2.1').task('2.2'))
    .with({ defaults: { approval: { approvers: ['owner'] }, signOff: { approvers: ['owner'] } } })
    .build();
}

let runs = 0;
const freshName = (): string => `undo-${++runs}`;

/** The tree of the same plan on the same files when nothing goes wrong. */
async function untroubledTree(withForeign: boolean): Promise<string> {
  const other = Origin.create(files);
  if (withForeign) other.commit(foreign, 'foreign');
  await rig.operate(await rig.start(stagedPlan(), other, { name: freshName() }));
  const tree = other.tree();
  other.remove();
  return tree;
}

/** The files at the start, with what others pushed: what an undo must leave. */
function startTree(withForeign: boolean, landed: Readonly<Record<string, string>> = {}): string {
  const other = Origin.create({ ...files, ...landed, ...(withForeign ? foreign : {}) });
  const tree = other.tree();
  other.remove();
  return tree;
}

/** Approves, but leaves sign-offs and holds to the test. */
const approving: Operator = (question) => (question.kind === 'approval' ? agreeable(question) : undefined);

/** Plays `operator` until a question fits. */
async function operateUntil(handle: RolloutHandle, operator: Operator, fits: Parameters<Rig['untilAsked']>[1]) {
  for (;;) {
    for (const question of await rig.questions(handle)) {
      if (fits(question)) return question;
      const answer = operator(question);
      if (answer) await rig.answer(question, answer);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe.each([
  ['without a foreign commit', false],
  ['with a foreign commit in between', true],
])('%s', (_, withForeign) => {
  test('a gate that fails after stage 1 of 2 undoes what landed, and a retry ends as an untroubled run', async () => {
    set('wait');
    set('broken');
    const handle = await rig.start(stagedPlan(), origin, { name: freshName() });
    void rig.operate(handle, approving).catch(() => undefined);
    await until(() => origin.landed().some((subject) => subject.endsWith('[apps]')), 'stage 1');
    const landedHead = origin.head();
    if (withForeign) origin.commit(foreign, 'foreign');
    clear('wait');
    const hold = await rig.untilAsked(handle, ({ kind }) => kind === 'hold');
    expect(hold.why).toContain('after stage apps, live failed');
    expect(origin.tree()).toBe(startTree(withForeign));
    expect(origin.landed().some((subject) => subject.endsWith('[core]'))).toBe(false);
    expect(() => origin.git('merge-base', '--is-ancestor', landedHead, 'main')).not.toThrow();
    clear('broken');
    await rig.answer(hold, { action: 'retry', by: 'owner' });
    expect((await rig.operate(handle)).outcome).toBe('done');
    expect(origin.isLinear()).toBe(true);
    expect(origin.tree()).toBe(await untroubledTree(withForeign));
  });

  test('a rejected sign-off undoes the phase; the named task is done again on a fresh branch', async () => {
    const handle = await rig.start(stagedPlan(), origin, { name: freshName() });
    const signOff = await operateUntil(handle, approving, ({ kind }) => kind === 'signOff');
    if (withForeign) origin.commit(foreign, 'foreign');
    await rig.answer(signOff, { action: 'reject', by: 'owner', comment: 'not like this', tasks: ['1.2'] });
    const hold = await rig.untilAsked(handle, ({ kind }) => kind === 'hold');
    expect(hold.why).toContain('not like this');
    expect(origin.tree()).toBe(startTree(withForeign));
    await rig.answer(hold, { action: 'retry', by: 'owner' });
    expect((await rig.operate(handle)).outcome).toBe('done');
    expect(origin.refs('refs/heads/feature/')).toContain('refs/heads/feature/1.2-r2');
    expect(origin.tree()).toBe(await untroubledTree(withForeign));
  });

  test('an abort in a later phase undoes that phase and keeps what is checkpointed', async () => {
    const handle = await rig.start(stagedPlan(), origin, { name: freshName() });
    await operateUntil(handle, agreeable, ({ kind, subject }) => kind === 'signOff' && subject.includes('phase 2'));
    expect(origin.landed()).toContain('2.2: Task 2.2 [all]');
    if (withForeign) origin.commit(foreign, 'foreign');
    await handle.executeUpdate(abortUpdate, { args: [{ by: 'owner', comment: 'enough' }] });
    const result = await handle.result();
    expect(result).toMatchObject({ outcome: 'aborted', why: 'aborted by owner: enough' });
    const landedByPhase1 = {
      'apps/a.yaml': 'a: 1\none: 1\n',
      'core/one.yaml': 'one: 1\n',
      'apps/two.yaml': 'two\n',
      'core/two.yaml': 'two: 1\n',
    };
    expect(origin.tree()).toBe(startTree(withForeign, landedByPhase1));
    expect(origin.refs('refs/tags/')).toHaveLength(1);
  });
});

test('abort --keep undoes nothing', async () => {
  const handle = await rig.start(stagedPlan(), origin, { name: freshName() });
  await operateUntil(handle, approving, ({ kind }) => kind === 'signOff');
  const tree = origin.tree();
  await handle.executeUpdate(abortUpdate, { args: [{ by: 'owner', keep: true }] });
  expect((await handle.result()).outcome).toBe('aborted');
  expect(origin.tree()).toBe(tree);
});

test('a compensation that fails is reported as a manual task, and the rest is undone', async () => {
  const handle = await rig.start(stagedPlan(), origin, { name: freshName() });
  const signOff = await operateUntil(handle, approving, ({ kind }) => kind === 'signOff');
  origin.commit({ 'core/one.yaml': 'one: 2\n' }, 'somebody builds on it');
  await rig.answer(signOff, { action: 'reject', by: 'owner', comment: 'no' });
  await rig.untilAsked(handle, ({ kind }) => kind === 'hold');
  const view = await handle.query(rolloutStatusQuery);
  expect(view.manualTasks).toEqual([
    { phase: '1', task: '1.1', what: expect.stringContaining('conflicts with later commits in core/one.yaml') },
  ]);
  expect(origin.read('core/one.yaml')).toBe('one: 2\n');
  expect(origin.read('apps/a.yaml')).toBe(files['apps/a.yaml']);
  expect(() => origin.read('core/two.yaml')).toThrow('core/two.yaml');
  await handle.executeUpdate(abortUpdate, { args: [{ by: 'owner' }] });
  await handle.result();
});

test('what somebody undid already is recorded as undone, without an empty commit', async () => {
  const handle = await rig.start(stagedPlan(), origin, { name: freshName() });
  const signOff = await operateUntil(handle, approving, ({ kind }) => kind === 'signOff');
  origin.commit({ 'core/two.yaml': null }, 'somebody removed it');
  const before = origin.landed().length;
  await rig.answer(signOff, { action: 'reject', by: 'owner', comment: 'no' });
  await rig.untilAsked(handle, ({ kind }) => kind === 'hold');
  expect(origin.tree()).toBe(startTree(false));
  expect(origin.landed().slice(before)).toHaveLength(3);
  await handle.executeUpdate(abortUpdate, { args: [{ by: 'owner' }] });
  await handle.result();
  expect(existsSync(join(cluster, 'asked'))).toBe(true);
});
