import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { edit, Mirrored, stamp } from '../test/harness/mirror.js';
import { type BranchRequest, createBranch, readBranch, recordedBranch, taskChain } from './branch.js';
import { treeOf } from './commit.js';
import type { FoldUnit } from './fold-unit.js';
import type { Mirror } from './mirror.js';
import { runGit } from './run.js';
import { LostRace, readRecord } from './store.js';

let repo: Mirrored;
let mirror: Mirror;
beforeEach(async () => {
  ({ repo, mirror } = await Mirrored.of({ 'a.txt': 'one\ntwo\nthree\n' }));
});
afterEach(() => repo.remove());

function create(more: Partial<BranchRequest> = {}, via = mirror) {
  return createBranch(via, {
    uid: 'u1',
    task: '1.1',
    title: 'Task',
    author: 'Agent A',
    branch: 'feature/x',
    generation: 1,
    targetBranch: 'main',
    stackOn: [],
    at: stamp.at,
    ...more,
  });
}

async function unit(task: string, files: Readonly<Record<string, string>>, base = repo.start): Promise<FoldUnit> {
  return { task, title: 'x', author: 'Agent A', needs: [], base, head: await edit(mirror, base, files), n: 0 };
}

test("begins at the target's head, with a record of it in the same push", async () => {
  const head = repo.origin.commit({ foreign: 'f\n' }, 'foreign');
  const made = await create();
  expect(made).toEqual({ branch: 'feature/x', base: head, head, replayConflicts: [] });
  expect(repo.origin.head('feature/x')).toBe(head);
  expect(JSON.parse((await readRecord(mirror, taskChain('u1', '1.1'), 'branch-1.json'))!)).toEqual(made);
});

test('asked again, also by another worker after the target moved, gives the branch that there is', async () => {
  const made = await create();
  repo.origin.commit({ foreign: 'f\n' }, 'foreign');
  expect(await create({}, await repo.mirror())).toEqual(made);
  expect(repo.origin.refs('refs/heads/feature/')).toEqual(['refs/heads/feature/x']);
});

describe('its name', () => {
  test('has the generation from the second on', async () => {
    await create();
    expect(await create({ generation: 2 })).toMatchObject({ branch: 'feature/x-r2' });
    expect(await create({ generation: 3 })).toMatchObject({ branch: 'feature/x-r3' });
  });

  test('that somebody took is left alone, and the next one is used from then on', async () => {
    const theirs = repo.origin.commit({ c: 'c\n' }, 'theirs', 'feature/x');
    expect(await create()).toMatchObject({ branch: 'feature/x-r2' });
    expect(await create({ generation: 2 })).toMatchObject({ branch: 'feature/x-r3' });
    expect(repo.origin.head('feature/x')).toBe(theirs);
  });

  test('that somebody takes between the look and the push is left alone, and no branch is recorded', async () => {
    const behind = await repo.mirror();
    const frozen = `${behind.dir}.frozen`;
    await runGit(behind.dir, ['clone', '--quiet', '--bare', repo.origin.url, frozen]);
    await runGit(behind.dir, ['remote', 'set-url', '--push', 'origin', repo.origin.url]);
    await runGit(behind.dir, ['remote', 'set-url', 'origin', frozen]);
    repo.origin.git('update-ref', 'refs/heads/feature/x', repo.start);
    const base = await edit(behind, repo.start, { b: 'b\n' });
    await expect(create({ base }, behind)).rejects.toThrow(LostRace);
    expect(repo.origin.head('feature/x')).toBe(repo.start);
    expect(repo.origin.refs('refs/joinpoint/')).toEqual([]);
  });

  test('that cannot be beside an existing branch is refused with what to do', async () => {
    repo.origin.commit({ c: 'c\n' }, 'theirs', 'feature');
    await expect(create()).rejects.toMatchObject({
      code: 'targetRefused',
      message: expect.stringContaining('branch feature/x: cannot be beside branch feature of'),
    });
  });
});

describe('stacked work', () => {
  test('on one task begins at its head', async () => {
    const need = await unit('1.0', { n: 'n\n' });
    expect(await create({ stackOn: [need] })).toMatchObject({ base: need.head, head: need.head });
    expect(repo.origin.read('n', 'feature/x')).toBe('n\n');
  });

  test('on several begins at their fold, the same on every worker', async () => {
    const needs = [await unit('1.0', { n: 'n\n' }), await unit('1.1', { m: 'm\n' })];
    const made = await create({ stackOn: needs });
    expect(await treeOf(mirror, made.base)).toBe(
      await treeOf(mirror, await edit(mirror, repo.start, { n: 'n\n', m: 'm\n' })),
    );
    expect(await create({ stackOn: needs, task: '1.3', branch: 'feature/y' })).toMatchObject({ base: made.base });
  });

  test('on several that do not fit together is refused with what to do', async () => {
    const needs = [await unit('1.0', { 'a.txt': 'x\n' }), await unit('1.2', { 'a.txt': 'y\n' })];
    await expect(create({ stackOn: needs })).rejects.toThrow(
      'task 1.1: what it needs does not fit together: 1.2 conflicts in a.txt; land one of them in an earlier phase',
    );
  });
});

describe('the work of the last generation', () => {
  test('is brought onto the new base', async () => {
    const { base, head } = await unit('1.1', { 'a.txt': 'ONE\ntwo\nthree\n' });
    const onto = repo.origin.commit({ foreign: 'f\n' }, 'foreign');
    const made = await create({ generation: 2, replay: { base, head } });
    expect(made).toMatchObject({ base: onto, replayConflicts: [] });
    expect(repo.origin.read('a.txt', 'feature/x-r2')).toBe('ONE\ntwo\nthree\n');
    expect(repo.origin.read('foreign', 'feature/x-r2')).toBe('f\n');
    expect(repo.origin.git('rev-list', '--count', `${onto}..feature/x-r2`).trim()).toBe('1');
  });

  test('is left out where it no longer fits, and the files are named', async () => {
    const { base, head } = await unit('1.1', { 'a.txt': 'ONE\ntwo\nthree\n' });
    const onto = repo.origin.commit({ 'a.txt': 'uno\ntwo\nthree\n' }, 'foreign');
    expect(await create({ generation: 2, replay: { base, head } })).toMatchObject({
      head: onto,
      replayConflicts: ['a.txt'],
    });
  });

  test('is parted as it was, stage by stage', async () => {
    const { base, head: expanded } = await unit('1.1', { n: 'n\n' });
    const contracted = await edit(mirror, expanded, { 'a.txt': null });
    const head = await edit(mirror, contracted, { last: 'l\n' });
    const onto = repo.origin.commit({ n: 'n\n', foreign: 'f\n' }, 'foreign');
    const later = [
      { stage: 'contract', from: expanded },
      { stage: 'last', from: contracted },
    ];
    const made = await create({ generation: 2, replay: { base, head, later } });
    const [contract, last] = repo.origin.git('rev-list', '--reverse', `${onto}..feature/x-r2`).trim().split('\n');
    expect(made).toMatchObject({ head: last, replayConflicts: [] });
    // The new base has what comes before.
    expect(made.later).toEqual([
      { stage: 'contract', from: onto },
      { stage: 'last', from: contract },
    ]);
    expect(repo.origin.git('ls-tree', '--name-only', contract!).trim().split('\n')).toEqual(['foreign', 'n']);
    expect(await recordedBranch(mirror, 'u1', '1.1', 2)).toEqual(made);
  });

  test('needs no commit where the new base has it already', async () => {
    const { base, head } = await unit('1.1', { n: 'n\n' });
    const onto = repo.origin.commit({ n: 'n\n' }, 'foreign');
    expect(await create({ generation: 2, replay: { base, head } })).toMatchObject({ base: onto, head: onto });
  });
});

describe("reading a person's branch", () => {
  test('gives where it is now', async () => {
    await create();
    const theirs = repo.origin.commit({ w: 'w\n' }, 'work', 'feature/x');
    expect(await readBranch(mirror, 'feature/x', repo.start)).toBe(theirs);
  });

  test('refuses one that is gone, and one that was rebased', async () => {
    const { base } = await create({ base: await edit(mirror, repo.start, { own: 'base\n' }) });
    await expect(readBranch(mirror, 'feature/y', base)).rejects.toThrow(
      'branch feature/y: is gone from the origin; push it again',
    );
    repo.origin.git('update-ref', 'refs/heads/feature/x', repo.start);
    await expect(readBranch(mirror, 'feature/x', base)).rejects.toThrow('no longer holds its base');
  });
});
