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

describe('undoing', () => {
  test('takes back what may be taken back', async () => {
    const result = await undo(
      await land('a', { class: 'revert', keep: ['**'] }),
      await land('b', { class: 'revertConfig', keep: [] }),
    );
    expect(result).toMatchObject({ undone: [{ task: 'b' }, { task: 'a' }], manual: [] });
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
    expect(result.manual).toEqual([{ task: 'a', what: 'in quarantine, its data kept (a/data); dump it' }]);
    expect(files()).toEqual(['README.md', 'a/data']);
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
