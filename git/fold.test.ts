import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { edit, listing, Mirrored } from '../test/harness/mirror.js';
import { treeOf } from './commit.js';
import { type FoldRequest, foldCandidate } from './fold.js';
import type { FoldUnit } from './fold-unit.js';
import type { Mirror } from './mirror.js';
import { runGit } from './run.js';

const twoStages = [
  { name: 'apps', paths: ['apps/**'] },
  { name: 'core', paths: [] },
];

let repo: Mirrored;
let mirror: Mirror;
beforeAll(async () => {
  ({ repo, mirror } = await Mirrored.of({ 'shared.txt': 'one\ntwo\nthree\nfour\nfive\n', 'apps/a.yaml': 'a: 1\n' }));
});
afterAll(() => repo?.remove());

/** A task's work on the start, or on another base. */
async function unit(
  task: string,
  files: Readonly<Record<string, string | null>>,
  { base = repo.start, needs = [] }: { base?: string; needs?: readonly string[] } = {},
): Promise<FoldUnit> {
  const head = await edit(mirror, base, files);
  return { task, title: `Task ${task}`, author: 'Agent A', needs, base, head, n: 1 };
}

async function fold(units: readonly FoldUnit[], more: Partial<FoldRequest> = {}) {
  return foldCandidate(mirror, { uid: 'u1', onto: repo.start, units, stages: [], at: 1_700_000_000_000, ...more });
}

async function folded(units: readonly FoldUnit[], more: Partial<FoldRequest> = {}) {
  const outcome = await fold(units, more);
  if (outcome.status !== 'folded') throw new Error(`conflict in ${outcome.files.join(', ')}`);
  const { candidate } = outcome;
  const waves = candidate.waves.map(({ stage, commits }) => `${stage}: ${commits.map(({ task }) => task).join(' ')}`);
  return { candidate, waves };
}

const subjects = async (from: string, to: string): Promise<readonly string[]> =>
  (await runGit(mirror.dir, ['log', '--reverse', '--format=%s', `${from}..${to}`])).stdout.trim().split('\n');

test('folds in plan order, one single-parent commit each, with the trailers of its landing', async () => {
  const units = [await unit('1.1', { a: 'a\n' }), await unit('1.2', { b: 'b\n' })];
  const { candidate } = await folded(units);
  expect(await subjects(repo.start, candidate.head)).toEqual(['1.1: Task 1.1 [all]', '1.2: Task 1.2 [all]']);
  const { stdout } = await runGit(mirror.dir, ['log', '-1', '--format=%P|%an|%(trailers:only)', candidate.head]);
  expect(stdout.trim()).toBe(
    `${candidate.waves[0]!.commits[0]!.commit}|Agent A|Joinpoint-Rollout: u1\nJoinpoint-Landing: 1.2/all/1`,
  );
  expect(Object.keys(await listing(mirror, candidate.head))).toEqual(['a', 'apps/a.yaml', 'b', 'shared.txt']);
});

test('the same request gives the same commit ids, on another worker too', async () => {
  const units = [await unit('1.1', { a: 'a\n' }), await unit('1.2', { b: 'b\n', 'apps/b': 'b\n' })];
  const request: FoldRequest = { uid: 'u1', onto: repo.start, units, stages: twoStages, at: 1_700_000_000_000 };
  const first = await foldCandidate(mirror, request);
  expect(await foldCandidate(mirror, request)).toEqual(first);
  const other = await repo.mirror();
  await runGit(other.dir, ['fetch', '--quiet', mirror.dir, ...units.map(({ head }) => head)]);
  expect(await foldCandidate(other, request)).toEqual(first);
});

test('cuts every task by stage: all of the first stage, then all of the second', async () => {
  const units = [
    await unit('1.1', { 'apps/a.yaml': 'a: 2\n', 'core/one': '1\n' }),
    await unit('1.2', { 'apps/new.yaml': 'n: 1\n', 'core/two': '2\n' }),
    await unit('1.3', { 'core/three': '3\n' }),
  ];
  const { candidate, waves } = await folded(units, { stages: twoStages });
  expect(waves).toEqual(['apps: 1.1 1.2', 'core: 1.1 1.2 1.3']);
  const afterApps = await listing(mirror, candidate.waves[0]!.commits.at(-1)!.commit);
  expect(Object.keys(afterApps)).toEqual(['apps/a.yaml', 'apps/new.yaml', 'shared.txt']);
  const whole = await folded(units);
  expect(await treeOf(mirror, candidate.head)).toBe(await treeOf(mirror, whole.candidate.head));
});

test('what a task needs lands before it, whatever their stages', async () => {
  const first = await unit('1.1', { 'core/one': '1\n' });
  const second = await unit('1.2', { 'apps/b': 'b\n' }, { base: first.head, needs: ['1.1'] });
  const { waves } = await folded([second, first], { stages: twoStages });
  expect(waves).toEqual(['core: 1.1 1.2']);
});

test('work that is stacked on other work brings only its own difference', async () => {
  const first = await unit('1.1', { 'shared.txt': 'ONE\ntwo\nthree\nfour\nfive\n' });
  const second = await unit(
    '1.2',
    { 'shared.txt': 'ONE\nTWO\nthree\nfour\nfive\n' },
    { base: first.head, needs: ['1.1'] },
  );
  const { candidate } = await folded([first, second]);
  expect(await treeOf(mirror, candidate.head)).toBe(await treeOf(mirror, second.head));
});

test('names the files that more than one task edits', async () => {
  const units = [
    await unit('1.1', { 'shared.txt': 'ONE\ntwo\nthree\nfour\nfive\n', own: 'x\n' }),
    await unit('1.2', { 'shared.txt': 'one\ntwo\nthree\nfour\nFIVE\n' }),
  ];
  const { candidate } = await folded(units);
  expect(candidate.overlaps).toEqual([{ file: 'shared.txt', tasks: ['1.1', '1.2'] }]);
  expect(await treeOf(mirror, candidate.head)).toBe(
    await treeOf(mirror, await edit(mirror, repo.start, { 'shared.txt': 'ONE\ntwo\nthree\nfour\nFIVE\n', own: 'x\n' })),
  );
});

test('a conflict names the later task, its files and the work that it does not fit', async () => {
  const units = [await unit('1.1', { 'shared.txt': 'x\n' }), await unit('1.2', { 'shared.txt': 'y\n' })];
  const before = await folded(units.slice(0, 1));
  expect(await fold(units)).toEqual({
    status: 'conflict',
    task: '1.2',
    files: ['shared.txt'],
    onto: before.candidate.head,
  });
});

describe('work that the target has already', () => {
  test('is left out, as a whole or in part', async () => {
    const same = await unit('1.2', { a: 'a\n' });
    const { waves, candidate } = await folded([await unit('1.1', { a: 'a\n' }), same]);
    expect(waves).toEqual(['all: 1.1']);
    expect(candidate.empty).toEqual(['1.2']);
    const moved = await edit(mirror, repo.start, { a: 'a\n' });
    expect((await folded([same], { onto: moved })).candidate).toMatchObject({ head: moved, waves: [], empty: ['1.2'] });
  });

  test('a task without a change is named as empty', async () => {
    const idle = { ...(await unit('1.1', { a: 'a\n' })), head: repo.start };
    expect((await folded([idle])).candidate).toMatchObject({ empty: ['1.1'], waves: [], head: repo.start });
  });

  test('a landing of its own is not folded again', async () => {
    const units = [await unit('1.1', { 'apps/b': 'b\n', 'core/b': 'b\n' })];
    const { candidate } = await folded(units, { stages: twoStages });
    const half = candidate.waves[0]!.commits[0]!.commit;
    const rest = await folded(units, { stages: twoStages, onto: half, landed: ['1.1/apps/1'] });
    expect(rest.waves).toEqual(['core: 1.1']);
    expect(rest.candidate).toMatchObject({ head: candidate.head, empty: [] });
    const changed = await edit(mirror, half, { 'apps/b': 'theirs\n' });
    const after = await folded(units, { stages: twoStages, onto: changed, landed: ['1.1/apps/1'] });
    expect(after.waves).toEqual(['core: 1.1']);
  });
});

describe('on a moved head', () => {
  const patchIds = (candidate: Awaited<ReturnType<typeof folded>>['candidate']) =>
    candidate.waves.flatMap(({ commits }) => commits.map(({ patchId }) => patchId));

  test('a fold that changes nothing else keeps its patch ids, binary files and removals included', async () => {
    const binary = await unit('1.2', { 'logo.png': '\u0000\u0001\u0002', 'apps/a.yaml': null });
    const units = [await unit('1.1', { 'shared.txt': 'one\ntwo\nthree\nfour\nFIVE\n' }), binary];
    const before = await folded(units);
    const moved = await edit(mirror, repo.start, { foreign: 'x\n' });
    const after = await folded(units, { onto: moved });
    expect(patchIds(after.candidate)).toEqual(patchIds(before.candidate));
    expect(new Set(patchIds(after.candidate)).size).toBe(2);
    expect(patchIds(after.candidate)).not.toContain('');
    expect(after.candidate.head).not.toBe(before.candidate.head);
  });

  test("patch ids are the same whatever this user's git is told", async () => {
    const before = await folded([await unit('1.1', { 'apps/a.yaml': 'a: 3\n' })]);
    for (const [key, value] of [
      ['color.ui', 'always'],
      ['diff.noprefix', 'true'],
      ['diff.external', 'false'],
    ] as const)
      await runGit(mirror.dir, ['config', key, value]);
    const after = await folded([await unit('1.1', { 'apps/a.yaml': 'a: 3\n' })]);
    const other = await folded([await unit('1.1', { 'apps/a.yaml': 'a: 4\n' })]);
    for (const key of ['color.ui', 'diff.noprefix', 'diff.external'])
      await runGit(mirror.dir, ['config', '--unset', key]);
    expect(patchIds(after.candidate)).toEqual(patchIds(before.candidate));
    expect(patchIds(other.candidate)).not.toEqual(patchIds(before.candidate));
  });

  test('a change within the context of a patch changes its patch id', async () => {
    const units = [await unit('1.1', { 'shared.txt': 'one\ntwo\nthree\nfour\nFIVE\n' })];
    const before = await folded(units);
    const moved = await edit(mirror, repo.start, { 'shared.txt': 'one\nTWO\nthree\nfour\nfive\n' });
    const after = await folded(units, { onto: moved });
    expect(patchIds(after.candidate)).not.toEqual(patchIds(before.candidate));
  });

  test('whitespace counts', async () => {
    const one = await folded([await unit('1.1', { new: 'a: 1\n' })]);
    const two = await folded([await unit('1.1', { new: 'a:  1\n' })]);
    expect(patchIds(one.candidate)).not.toEqual(patchIds(two.candidate));
  });
});
