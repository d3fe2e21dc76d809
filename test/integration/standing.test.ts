/** What stands on the target, and who knows it: after landings one by one, after an undo that leaves something, and at a checkpoint. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lookAt } from '../../client/look.js';
import type { RolloutHandle } from '../../client/start-rollout.js';
import type { Checkpoint } from '../../plan/rollout.js';
import type { AddressedQuestion } from '../../plan/status.js';
import { abortUpdate, rolloutStatusQuery } from '../../workflows/messages.js';
import { Origin } from '../harness/origin.js';
import { aPlan, type PhaseBuilder } from '../harness/plans.js';
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

let runs = 0;
function start(fill: (phase: PhaseBuilder) => PhaseBuilder): Promise<RolloutHandle> {
  const plan = aPlan()
    .phase('1', fill)
    .with({ defaults: { approval: false, signOff: { approvers: ['owner'] } } })
    .build();
  return rig.start(plan, origin, { name: `standing-${++runs}` });
}

const asked = (handle: RolloutHandle, kind: AddressedQuestion['kind']): Promise<AddressedQuestion> =>
  rig.untilAsked(handle, (question) => question.kind === kind, 60_000);

const files = (): readonly string[] => origin.git('ls-tree', '--name-only', 'main').split('\n').filter(Boolean);
const byHand = { undo: { class: 'manual', note: 'ask the bank' } };

async function checkpointOf(handle: RolloutHandle): Promise<Checkpoint> {
  return (await handle.query(rolloutStatusQuery)).phases[0]!.checkpoint!;
}

/** What a checkpoint's evidence says of what its phase landed. */
async function landedByEvidence(handle: RolloutHandle): Promise<readonly string[]> {
  const [ref, path] = (await checkpointOf(handle)).evidence.split(':') as [string, string];
  return (JSON.parse(origin.read(path, ref)) as { landed: readonly string[] }).landed;
}

/** How a task's pull request stands, and what was said on it last. */
async function pullRequest(handle: RolloutHandle, task: string) {
  const { uid } = await handle.query(rolloutStatusQuery);
  const text = origin.read('pull.json', `refs/joinpoint/${uid}/pull-${task}`);
  const { status, comments } = JSON.parse(text) as { status: string; comments: readonly { text: string }[] };
  return { status, said: comments.at(-1)?.text };
}

async function abort(handle: RolloutHandle, { keep = false } = {}): Promise<void> {
  await handle.executeUpdate(abortUpdate, { args: [{ by: 'owner', keep }] });
  expect((await handle.result()).outcome).toBe('aborted');
}

async function signOff(handle: RolloutHandle): Promise<void> {
  await rig.answer(await asked(handle, 'signOff'), { action: 'approve', by: 'owner' });
  expect((await handle.result()).outcome).toBe('done');
}

test('a phase that lands each task by itself counts every landing once', async () => {
  const handle = await start((phase) =>
    phase
      .task('1.1', byHand)
      .task('1.2', { needs: ['1.1'] })
      .task('1.3', { needs: ['1.2'], ...byHand })
      .task('1.4', { needs: ['1.3'] })
      .with({ land: 'each' }),
  );
  await rig.answer(await asked(handle, 'signOff'), { action: 'reject', by: 'owner', comment: 'no' });
  const hold = await asked(handle, 'hold');
  expect(files()).toEqual(['1.1.txt', '1.3.txt', 'README.md']);
  const { manualTasks } = await handle.query(rolloutStatusQuery);
  expect(manualTasks.map(({ task }) => task)).toEqual(['1.1', '1.3']);
  await rig.answer(hold, { action: 'retry', by: 'owner' });
  await signOff(handle);
  const landed = await landedByEvidence(handle);
  expect(landed).toHaveLength(4);
  expect(new Set(landed.map((id) => id.split('/')[0]))).toEqual(new Set(['1.1', '1.2', '1.3', '1.4']));
});

test('a checkpoint tags what was proven and signed off, whatever was pushed meanwhile', async () => {
  const handle = await start((phase) =>
    phase.task('1.1').with({ criteria: [{ title: 'it looks right', person: 'a screenshot' }] }),
  );
  const ticks = await asked(handle, 'ticks');
  const landed = origin.head();
  origin.commit({ 'bot.txt': '1\n' }, 'a bot');
  await rig.answer(ticks, { action: 'done', by: 'owner', evidence: 'seen' });
  expect((await asked(handle, 'signOff')).evidence?.commit).toBe(landed);
  origin.commit({ 'bot.txt': '2\n' }, 'a bot');
  await signOff(handle);
  const { commit, tag } = await checkpointOf(handle);
  expect(commit).toBe(landed);
  expect(origin.head(`${tag}^{commit}`)).toBe(landed);
});

test('a checkpoint tags what a person let pass at the end of a soak, with the evidence of that', async () => {
  const desk = mkdtempSync(join(tmpdir(), 'joinpoint-desk-'));
  // The baseline, the landing's stage and the phase as a whole are asked before the soak.
  const live = `echo >> ${desk}/asked; test $(wc -l < ${desk}/asked) -lt 4`;
  const handle = await start((phase) =>
    phase.task('1.1').with({
      onFailure: 'hold',
      gates: [{ name: 'live', run: live }],
      joinPoint: { soak: { duration: '1h', every: '1h' } },
    }),
  );
  const first = await asked(handle, 'hold');
  const moved = origin.commit({ 'bot.txt': '1\n' }, 'a bot');
  await rig.answer(first, { action: 'retry', by: 'owner' });
  const second = await rig.untilAsked(handle, ({ kind, id }) => kind === 'hold' && id !== first.id, 60_000);
  await rig.answer(second, { action: 'override', by: 'owner', comment: 'known' });
  expect((await asked(handle, 'signOff')).evidence).toEqual({
    commit: moved,
    summary: 'the last round: 0 checks passed, 1 overridden (live)',
  });
  origin.commit({ 'bot.txt': '2\n' }, 'a bot');
  await signOff(handle);
  const { commit, tag } = await checkpointOf(handle);
  expect(commit).toBe(moved);
  expect(origin.head(`${tag}^{commit}`)).toBe(moved);
  rmSync(desk, { recursive: true, force: true });
});

test('work that the target has already counts as landed on its pull request, too', async () => {
  const handle = await start((phase) => phase.task('1.1', { ticks: ['it looks right'] }));
  const ticks = await asked(handle, 'ticks');
  origin.commit({ '1.1.txt': '1.1\n' }, 'somebody was faster');
  await rig.answer(ticks, { action: 'done', by: 'owner', evidence: 'seen' });
  await asked(handle, 'signOff');
  expect(await pullRequest(handle, '1.1')).toEqual({
    status: 'landed',
    said: 'Nothing to land: main has all of it already.',
  });
  await signOff(handle);
});

test('what an undo had to leave is said where it is asked and on its pull request, and the next undo takes it', async () => {
  const before = origin.tree();
  const handle = await start((phase) => phase.task('1.1').task('1.2'));
  const first = await asked(handle, 'signOff');
  origin.commit({ '1.1.txt': 'more\n' }, 'somebody builds on it');
  await rig.answer(first, { action: 'reject', by: 'owner', comment: 'no' });
  const hold = await asked(handle, 'hold');
  expect(hold.why).toMatch(/; still on the target: 1\.1$/);
  expect(files()).toEqual(['1.1.txt', 'README.md']);
  expect(await pullRequest(handle, '1.1')).toMatchObject({
    status: 'landed',
    said: expect.stringMatching(/^Still on main, though/),
  });
  expect(await pullRequest(handle, '1.2')).toMatchObject({
    status: 'undone',
    said: expect.stringMatching(/^Undone: owner rejected/),
  });
  origin.commit({ '1.1.txt': '1.1\n' }, 'and thinks better of it');
  await rig.answer(hold, { action: 'retry', by: 'owner' });
  await rig.answer(await asked(handle, 'signOff'), { action: 'reject', by: 'owner', comment: 'still no' });
  expect((await asked(handle, 'hold')).why).toBe('rolled back: owner rejected the sign-off: still no');
  expect(origin.tree()).toBe(before);
  expect(await pullRequest(handle, '1.1')).toMatchObject({
    status: 'undone',
    said: expect.stringMatching(/still no$/),
  });
  await abort(handle);
});

test('an undo that is skipped leaves all as landed; an abort takes it off, and says so', async () => {
  const before = origin.tree();
  const handle = await start((phase) => phase.task('1.1'));
  const first = await asked(handle, 'signOff');
  const allow = origin.refuse('refs/heads/main');
  await rig.answer(first, { action: 'reject', by: 'owner', comment: 'no' });
  await rig.answer(await asked(handle, 'hold'), { action: 'skip', by: 'owner', comment: 'later' });
  const inPhase = ({ subject }: AddressedQuestion): boolean => subject === 'phase 1';
  expect((await rig.untilAsked(handle, inPhase)).why).toMatch(/; still on the target: 1\.1$/);
  expect(await pullRequest(handle, '1.1')).toMatchObject({ status: 'landed' });
  allow();
  await abort(handle);
  expect(origin.tree()).toBe(before);
  expect(await pullRequest(handle, '1.1')).toMatchObject({ status: 'undone', said: 'Undone: aborted by owner' });
});

describe('status', () => {
  /** As whoever looks sees the tasks of the phase. */
  async function tasks(handle: RolloutHandle): Promise<Readonly<Record<string, string>>> {
    const { name } = await handle.query(rolloutStatusQuery);
    const { phases } = await lookAt({ client: rig.server.client }, name, 'begunPhases');
    return Object.fromEntries(phases['1']!.tasks.map(({ id, status }) => [id, status]));
  }

  test('calls landed what is on the target before its phase has passed, and undone what an abort took off it', async () => {
    const handle = await start((phase) => phase.task('1.1').task('1.2', { undo: byHand.undo }));
    await asked(handle, 'signOff');
    expect(await tasks(handle)).toEqual({ '1.1': 'landed', '1.2': 'landed' });
    await abort(handle);
    expect(await tasks(handle)).toEqual({ '1.1': 'undone', '1.2': 'stillThere' });
  });

  test('calls landed what an abort kept, and asks nothing of what it stopped', async () => {
    const handle = await start((phase) =>
      phase
        .task('1.1')
        .task('1.2', { ticks: ['it looks right'] })
        .with({ land: 'each' }),
    );
    await asked(handle, 'ticks');
    await expect.poll(() => tasks(handle), { timeout: 60_000 }).toEqual({ '1.1': 'landed', '1.2': 'working' });
    await abort(handle, { keep: true });
    expect(await tasks(handle)).toEqual({ '1.1': 'landed', '1.2': 'stopped' });
    const { questions } = await lookAt({ client: rig.server.client }, `standing-${runs}`, 'begunPhases');
    expect(questions).toEqual([]);
  });
});
