import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FoldUnit } from '../git/fold-unit.js';
import type { Compensation } from '../plan/rollout.js';
import { ActivityRig } from '../test/harness/activities.js';

let rig: ActivityRig;
beforeEach(async () => {
  rig = await ActivityRig.of({ 'README.md': 'start\n' });
});
afterEach(() => rig.remove());

/** Lands a task that writes `<task>/data` and `<task>/app`. */
async function land(task: string, undo: Compensation['undo']): Promise<Compensation> {
  const { rollout, activities, origin } = rig;
  const base = origin.head();
  const head = origin.commit({ [`${task}/data`]: 'data\n', [`${task}/app`]: 'app\n' }, 'work', `feature/${task}`);
  const unit: FoldUnit = { task, title: task, author: 'Agent A', needs: [], base, head, n: 1 };
  const request = { rollout, writer: `join-${task}`, key: '1-1', units: [unit], stages: [], landed: [], at: 0 };
  const folded = await rig.run(activities.foldCandidate, request);
  if (folded.status !== 'folded') throw new Error('conflict');
  const [{ commits }] = folded.candidate.waves as [(typeof folded.candidate.waves)[number]];
  const landed = await rig.run(activities.landWave, { rollout, commits, onto: base });
  expect(landed.status).toBe('landed');
  return { phase: '1', task, stage: 'all', n: 1, undo };
}

const undo = (...compensations: readonly Compensation[]) =>
  rig.run(rig.activities.undoLandings, { rollout: rig.rollout, compensations, reason: 'no', at: 0 });
const files = (): readonly string[] => rig.origin.git('ls-tree', '-r', '--name-only', 'main').trim().split('\n');

test('what stands is what landed and was not undone', async () => {
  const [a, b] = [await land('a', { class: 'revert', keep: [] }), await land('b', { class: 'manual', keep: [] })];
  const standing = async () => (await rig.run(rig.activities.readStanding, { rollout: rig.rollout })).standing;
  expect((await standing()).map(({ task }) => task)).toEqual(['a', 'b']);
  const head = rig.origin.head();
  await undo(a, b);
  expect((await standing()).map(({ task }) => task)).toEqual(['b']);
  expect(rig.origin.head()).not.toBe(head);
});

describe('undoing', () => {
  test('takes back what may be taken back', async () => {
    const result = await undo(
      await land('a', { class: 'revert', keep: ['**'] }),
      await land('b', { class: 'revertConfig', keep: [] }),
    );
    expect(result).toMatchObject({ undone: [{ task: 'a' }, { task: 'b' }], manual: [] });
    expect(files()).toEqual(['README.md']);
  });

  test('leaves alone what only a person can undo, and says so', async () => {
    const result = await undo(await land('a', { class: 'manual', keep: [], note: 'restore the dump' }));
    expect(result).toMatchObject({ undone: [], manual: [{ task: 'a', what: 'undo it by hand: restore the dump' }] });
    expect(files()).toEqual(['README.md', 'a/app', 'a/data']);
  });

  test('keeps what a quarantine keeps, and says once what becomes of it', async () => {
    const result = await undo(
      await land('a', { class: 'quarantine', keep: ['*/data'], note: 'dump it' }),
      await land('b', { class: 'revert', keep: [] }),
    );
    expect(result.manual).toEqual([{ task: 'a', what: 'in quarantine, what it has in */data is kept; dump it' }]);
    expect(files()).toEqual(['README.md', 'a/data']);
  });

  test('says the same again when the reply to the first was lost', async () => {
    const compensations = [
      await land('a', { class: 'quarantine', keep: ['*/data'] }),
      await land('b', { class: 'revert', keep: [] }),
    ];
    const first = await undo(...compensations);
    expect(first.undone).toHaveLength(2);
    const { undone, manual } = await undo(...compensations);
    expect(undone).toEqual(first.undone);
    expect(manual).toEqual(first.manual);
  });

  test('tells of a quarantine that keeps all and has nothing to suspend', async () => {
    const { undone, manual } = await undo(await land('a', { class: 'quarantine', keep: ['a/**'] }));
    expect(undone).toEqual([]);
    expect(manual).toEqual([{ task: 'a', what: expect.stringContaining('in quarantine') }]);
  });

  test('asks nobody to undo what never landed', async () => {
    const landed = await land('a', { class: 'manual', keep: [] });
    const quarantined = { ...landed, task: 'c', undo: { class: 'quarantine' as const, keep: ['**'] } };
    const { manual } = await undo(landed, { ...landed, task: 'b' }, quarantined);
    expect(manual.map(({ task }) => task)).toEqual(['a']);
  });

  test('says what does not go because others built on it', async () => {
    const compensation = await land('a', { class: 'revert', keep: [] });
    rig.origin.commit({ 'a/app': 'theirs\n' }, 'theirs');
    const result = await undo(compensation);
    expect(result.manual).toEqual([
      { task: 'a', what: expect.stringContaining('conflicts with later commits in a/app') },
    ]);
    expect(result.undone).toEqual([]);
  });
});
