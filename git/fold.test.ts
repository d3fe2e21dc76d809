import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { edit, listing, Mirrored } from '../test/harness/mirror.js';
import { treeOf, type TreeChange } from './commit.js';
import { type FoldRequest, foldCandidate } from './fold.js';
import type { FoldUnit, PlaybookWork, Rerun } from './fold-unit.js';
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

/** What a text file of a commit says; undefined where it has none. */
async function fileAt(commit: string, path: string): Promise<string | undefined> {
  const id = (await listing(mirror, commit))[path]?.split(' ')[1];
  return id && (await runGit(mirror.dir, ['cat-file', 'blob', id])).stdout;
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

describe('stages that a playbook names', () => {
  /** Two commits: what a task does first, and what it does in the stage `contract`. */
  async function expandAndContract(
    task: string,
    first: Readonly<Record<string, string | null>>,
    then: Readonly<Record<string, string | null>>,
  ): Promise<FoldUnit> {
    const expanded = await unit(task, first);
    const head = await edit(mirror, expanded.head, then);
    return { ...expanded, head, later: [{ stage: 'contract', from: expanded.head }] };
  }

  test('land after those of the plan, with landings of their own, and are not cut by path', async () => {
    const units = [
      await expandAndContract(
        '1.1',
        { 'apps/new': 'n\n', 'core/new': 'n\n' },
        { 'apps/a.yaml': null, 'core/x': 'x\n' },
      ),
      await unit('1.2', { 'apps/b': 'b\n', 'core/b': 'b\n' }),
      await expandAndContract('1.3', { 'core/c': 'c\n' }, { 'core/c': null }),
    ];
    const { waves, candidate } = await folded(units, { stages: twoStages });
    expect(waves).toEqual(['apps: 1.1 1.2', 'core: 1.1 1.2 1.3', 'contract: 1.1 1.3']);
    const [apps, core, contract] = candidate.waves.map(({ commits }) => commits[0]!.commit);
    expect(await fileAt(apps!, 'core/new')).toBeUndefined();
    expect(await fileAt(core!, 'apps/a.yaml')).toBe('a: 1\n');
    expect(await fileAt(contract!, 'apps/a.yaml')).toBeUndefined();
    expect(await fileAt(contract!, 'core/x')).toBe('x\n');
    expect(await subjects(core!, contract!)).toContain('1.1: Task 1.1 [contract]');
    const { stdout } = await runGit(mirror.dir, ['log', '-1', '--format=%(trailers:key=Joinpoint-Landing)', contract!]);
    expect(stdout.trim()).toBe('Joinpoint-Landing: 1.1/contract/1');
    expect(await fileAt(candidate.head, 'core/c')).toBeUndefined();
  });

  test('without a plan’s stages, too; one in which nothing changes has no landing', async () => {
    const idle = await expandAndContract('1.2', { b: 'b\n' }, {});
    const { waves } = await folded([await expandAndContract('1.1', { a: 'a\n' }, { a: 'aa\n' }), idle]);
    expect(waves).toEqual(['all: 1.1 1.2', 'contract: 1.1']);
    const late = await expandAndContract('1.3', {}, { c: 'c\n' });
    expect((await folded([late])).waves).toEqual(['contract: 1.3']);
  });

  test('that have landed are not folded again, and the others are', async () => {
    const units = [await expandAndContract('1.1', { a: 'a\n' }, { a: 'aa\n' })];
    const { candidate } = await folded(units);
    const half = candidate.waves[0]!.commits[0]!.commit;
    const rest = await folded(units, { onto: half, landed: ['1.1/all/1'] });
    expect(rest.waves).toEqual(['contract: 1.1']);
    expect(rest.candidate.head).toBe(candidate.head);
  });

  test('a conflict in one names its task', async () => {
    const units = [
      await expandAndContract('1.1', { a: 'a\n' }, { 'shared.txt': 'x\n' }),
      await expandAndContract('1.2', { b: 'b\n' }, { 'shared.txt': 'y\n' }),
    ];
    expect(await fold(units)).toMatchObject({ status: 'conflict', task: '1.2', files: ['shared.txt'] });
  });
});

describe('the work of a playbook', () => {
  const work: PlaybookWork = { name: 'any', with: { p: 1 }, generation: 2 };
  const onShared = async (task: string, line: string): Promise<FoldUnit> => ({
    ...(await unit(task, { 'shared.txt': `${line}\n` })),
    playbook: work,
  });
  /** Adds the task's line to the file that is in the tree. */
  const adding = async ({ task }: FoldUnit, stage: string | undefined, tree: string): Promise<TreeChange[]> => [
    { path: 'shared.txt', text: `${await fileAt(tree, 'shared.txt')}${task} ${stage ?? 'first'}\n` },
  ];
  const start = 'one\ntwo\nthree\nfour\nfive\n';

  test('is made anew on the tree so far, so that it cannot conflict', async () => {
    const units = [await onShared('1.1', 'x'), await onShared('1.2', 'y')];
    expect((await fold(units)).status).toBe('conflict');
    const { candidate, waves } = await folded(units, { rerun: adding });
    expect(waves).toEqual(['all: 1.1 1.2']);
    expect(await fileAt(candidate.head, 'shared.txt')).toBe(`${start}1.1 first\n1.2 first\n`);
  });

  test('is made with what the task recorded, and other work is replayed as it is', async () => {
    const asked: unknown[] = [];
    const rerun: Rerun = async ({ task, playbook }, stage, tree) => {
      asked.push({ task, playbook, stage, tree });
      return Promise.resolve([{ path: 'made', text: 'anew\n' }]);
    };
    const units = [await unit('1.1', { other: 'o\n' }), await onShared('1.2', 'x')];
    const { candidate } = await folded(units, { rerun });
    expect(asked).toEqual([
      {
        task: '1.2',
        playbook: work,
        stage: undefined,
        tree: await treeOf(mirror, candidate.waves[0]!.commits[0]!.commit),
      },
    ]);
    expect(await fileAt(candidate.head, 'other')).toBe('o\n');
    expect(await fileAt(candidate.head, 'made')).toBe('anew\n');
    // Its branch is not taken.
    expect(await fileAt(candidate.head, 'shared.txt')).toBe(start);
  });

  test('sees what others pushed', async () => {
    const moved = await edit(mirror, repo.start, { 'shared.txt': 'theirs\n' });
    const { candidate } = await folded([await onShared('1.1', 'x')], { rerun: adding, onto: moved });
    expect(await fileAt(candidate.head, 'shared.txt')).toBe('theirs\n1.1 first\n');
  });

  test('is cut by the plan’s stages, each from what it does there, also where its branch has nothing', async () => {
    const rerun: Rerun = async (_, __, tree) => {
      const paths = Object.keys(await listing(mirror, tree));
      return [
        { path: 'apps/a.yaml', gone: true },
        { path: 'core/sees', text: `${paths.filter((path) => path.startsWith('apps/')).length} apps\n` },
      ];
    };
    const one: FoldUnit = { ...(await unit('1.1', { 'apps/b': 'b\n' })), playbook: work };
    const { waves, candidate } = await folded([one], { stages: twoStages, rerun });
    expect(waves).toEqual(['apps: 1.1', 'core: 1.1']);
    const apps = candidate.waves[0]!.commits[0]!.commit;
    expect(Object.keys(await listing(mirror, apps))).toEqual(['shared.txt']);
    expect(await fileAt(candidate.head, 'core/sees')).toBe('0 apps\n');
    expect((await folded([one], { stages: twoStages })).waves).toEqual(['apps: 1.1']);
  });

  test('in a stage of its own is made by that stage, whole', async () => {
    const expanded = await onShared('1.1', 'x');
    const head = await edit(mirror, expanded.head, { 'shared.txt': 'z\n' });
    const one: FoldUnit = { ...expanded, head, later: [{ stage: 'contract', from: expanded.head }] };
    const rerun: Rerun = async (made, stage, tree) => [
      ...(await adding(made, stage, tree)),
      ...(stage === 'contract' ? [{ path: 'apps/a.yaml', gone: true } as const] : []),
    ];
    const { waves, candidate } = await folded([one, await onShared('1.2', 'y')], { stages: twoStages, rerun });
    expect(waves).toEqual(['core: 1.1 1.2', 'contract: 1.1']);
    expect(await fileAt(candidate.head, 'shared.txt')).toBe(`${start}1.1 first\n1.2 first\n1.1 contract\n`);
    expect(await fileAt(candidate.head, 'apps/a.yaml')).toBeUndefined();
  });

  test('that cannot be carried out on what is there is a conflict, with the reason', async () => {
    const rerun: Rerun = async () => Promise.resolve({ refused: 'a.yaml:1:1 cannot be edited' });
    const before = await unit('1.1', { other: 'o\n' });
    expect(await fold([before, await onShared('1.2', 'x')], { rerun })).toEqual({
      status: 'conflict',
      task: '1.2',
      onto: (await folded([before])).candidate.head,
      files: [],
      why: 'a.yaml:1:1 cannot be edited',
    });
  });

  test('that has nothing left to do is empty', async () => {
    const { candidate } = await folded([await onShared('1.1', 'x')], { rerun: () => Promise.resolve([]) });
    expect(candidate).toMatchObject({ empty: ['1.1'], waves: [], head: repo.start });
  });

  test('gives the same commit ids again', async () => {
    const units = [await onShared('1.1', 'x'), await onShared('1.2', 'y')];
    const { candidate } = await folded(units, { rerun: adding });
    expect((await folded(units, { rerun: adding })).candidate).toEqual(candidate);
  });
});
