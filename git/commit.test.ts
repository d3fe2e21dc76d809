import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { edit, listing, Mirrored, stamp } from '../test/harness/mirror.js';
import {
  changesBetween,
  mergeTrees,
  treeOf,
  type TreeChange,
  treesOf,
  treeWith,
  writeCommit,
  writeCommits,
} from './commit.js';
import type { Mirror } from './mirror.js';
import { readObjects } from './read-objects.js';
import { runGit } from './run.js';
import { commitWork, withWorkTree } from './work-tree.js';

let repo: Mirrored;
let mirror: Mirror;
beforeAll(async () => {
  ({ repo, mirror } = await Mirrored.of({ 'a.txt': 'one\ntwo\nthree\n', 'dir/b.txt': 'b\n' }));
});
afterAll(() => repo?.remove());

const show = async (commit: string, format: string): Promise<string> =>
  (await runGit(mirror.dir, ['show', '--no-patch', `--format=${format}`, commit])).stdout;

describe('writing commits', () => {
  const spec = { parents: [], changes: [{ path: 'x', text: 'x\n' }], message: 'first\n', stamp };

  test('the same specs give the same ids, in any repository', async () => {
    const specs = [spec, { ...spec, parents: [':1'], changes: [{ path: 'y', text: 'y\n' }], message: 'second\n' }];
    const ids = await writeCommits(mirror, specs);
    const elsewhere = await repo.mirror();
    expect(await writeCommits(elsewhere, specs)).toEqual(ids);
    expect((await show(ids[1]!, '%P')).trim()).toBe(ids[0]);
  });

  test('author, committer and dates come from the stamp, and the message is kept as it is', async () => {
    const message = 'ünïcode "subject"\n\nbody\n\n\nTrailer: x\n';
    const commit = await writeCommit(mirror, { ...spec, message });
    expect((await show(commit, '%an|%ae|%at|%cn|%ct')).trim()).toBe(
      'Agent A|agent-a@joinpoint.invalid|1700000000|joinpoint|1700000000',
    );
    expect((await readObjects(mirror, [commit]))[0]!.text.split('\n\n').slice(1).join('\n\n')).toBe(message);
  });

  test('moves no ref and leaves none behind', async () => {
    const before = (await runGit(mirror.dir, ['for-each-ref'])).stdout;
    await writeCommit(mirror, spec);
    expect((await runGit(mirror.dir, ['for-each-ref'])).stdout).toBe(before);
  });

  test('begins with the first parent, another tree or an empty one, as asked', async () => {
    const parents = [repo.start];
    const changes: TreeChange[] = [{ path: 'new', text: '' }];
    const tree = await treeOf(mirror, await edit(mirror, repo.start, { 'a.txt': null }));
    const [onParent, onTree, onNothing] = await writeCommits(mirror, [
      { ...spec, parents, changes },
      { ...spec, parents, changes, tree },
      { ...spec, parents, changes, tree: 'empty' },
    ]);
    expect(Object.keys(await listing(mirror, onParent!))).toEqual(['a.txt', 'dir/b.txt', 'new']);
    expect(Object.keys(await listing(mirror, onTree!))).toEqual(['dir/b.txt', 'new']);
    expect(Object.keys(await listing(mirror, onNothing!))).toEqual(['new']);
  });

  test('fails without a trace when a parent is not there', async () => {
    await expect(writeCommit(mirror, { ...spec, parents: ['0123456789'.repeat(4)] })).rejects.toThrow(
      'git fast-import',
    );
  });
});

const segment = fc
  .array(
    fc.constantFrom(
      'a',
      'Z',
      ' ',
      '"',
      "'",
      '\n',
      '\\',
      'ä',
      '漢',
      '-',
      '\t',
      '#',
      '*',
      ':',
      '{',
      '\u0001',
      '\r',
      '=>',
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(''));
const oddPath = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
/** No path is a folder of another, as in every tree. */
const oddPaths = fc
  .uniqueArray(oddPath, { minLength: 1, maxLength: 8 })
  .filter((paths) => !paths.some((path) => paths.some((other) => other.startsWith(`${path}/`))));

test('paths with spaces, quotes, line breaks, umlauts and leading dashes are written, read and removed as they are', async () => {
  await fc.assert(
    fc.asyncProperty(oddPaths, async (paths) => {
      const changes = paths.map((path, at): TreeChange => ({ path, text: `${at}\n` }));
      const commit = await writeCommit(mirror, { parents: [], tree: 'empty', changes, message: '', stamp });
      expect(Object.keys(await listing(mirror, commit)).toSorted()).toEqual(paths.toSorted());
      const read = await readObjects(
        mirror,
        [...paths, 'not there\nat all'].map((path) => `${commit}:${path}`),
      );
      expect(read.map((object) => object?.text)).toEqual([...paths.map((_, at) => `${at}\n`), undefined]);
      const gone = paths.map((path): TreeChange => ({ path, gone: true }));
      expect(await listing(mirror, await treeWith(mirror, await treeOf(mirror, commit), gone))).toEqual({});
    }),
    { numRuns: 15, examples: [[['-rf', '--', '"', '"quoted"', ' lead', 'trail ', 'ä/ö ü', 'a\nb/c\nd']]] },
  );
});

/** A tree with everything that git can hold, made by git itself. */
async function everything(from: string, fill: (dir: string) => void): Promise<string> {
  return withWorkTree(mirror, from, 'test', (dir) => {
    fill(dir);
    return commitWork(dir, 'all kinds of files\n', 'Agent A', stamp.at);
  });
}

test('executable bits, symbolic links, binary files and files that become folders survive being carried over', async () => {
  const one = await everything(repo.start, (dir) => {
    writeFileSync(join(dir, 'run.sh'), '#!/bin/sh\n');
    chmodSync(join(dir, 'run.sh'), 0o755);
    writeFileSync(join(dir, 'binary'), Buffer.from([0, 255, 254, 10, 13, 0, 128]));
    symlinkSync('../outside dangling', join(dir, 'link'));
    writeFileSync(join(dir, 'swap'), 'a file\n');
  });
  const two = await everything(one, (dir) => {
    chmodSync(join(dir, 'run.sh'), 0o644);
    unlinkSync(join(dir, 'link'));
    writeFileSync(join(dir, 'link'), 'a file now');
    unlinkSync(join(dir, 'swap'));
    mkdirSync(join(dir, 'swap'));
    symlinkSync('x', join(dir, 'swap', 'inside'));
  });
  expect((await listing(mirror, one))['run.sh']).toMatch(/^100755 /);
  expect((await listing(mirror, one))['link']).toMatch(/^120000 /);
  const trees = await treesOf(mirror, [repo.start, one, two]);
  for (const [from, to] of [
    [0, 1],
    [1, 2],
    [2, 1],
    [1, 0],
    [0, 2],
  ] as const)
    expect(await treeWith(mirror, trees[from]!, await changesBetween(mirror, trees[from]!, trees[to]!))).toBe(
      trees[to],
    );
  const first = await readObjects(mirror, [`${one}:binary`]);
  expect((await runGit(mirror.dir, ['cat-file', 'blob', first[0]!.id], { encoding: 'latin1' })).stdout).toBe(
    '\0\xff\xfe\n\r\0\x80',
  );
});

test('a text in place of an executable file is executable, and any other is not', async () => {
  const base = await treeOf(
    mirror,
    await everything(repo.start, (dir) => writeFileSync(join(dir, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 })),
  );
  const changes = ['run.sh', 'a.txt', 'new'].map((path): TreeChange => ({ path, text: 'changed\n' }));
  const entries = await listing(mirror, await treeWith(mirror, base, changes));
  expect(['run.sh', 'a.txt', 'new'].map((path) => entries[path]!.split(' ')[0])).toEqual([
    '100755',
    '100644',
    '100644',
  ]);
});

test('a path that is no UTF-8 is carried over byte by byte', async () => {
  const base = await treeOf(mirror, repo.start);
  // Through git itself, as not every file system takes such a name.
  const input = `commit refs/drafts/odd\ncommitter a <a@x.invalid> 0 +0000\ndata 0\nM 040000 ${base} \nM 100644 inline "d/\\351 \\"\\303\\244\\n"\ndata 1\nx\n`;
  await runGit(mirror.dir, ['fast-import', '--quiet'], { input });
  const odd = await treeOf(mirror, 'refs/drafts/odd');
  await runGit(mirror.dir, ['update-ref', '-d', 'refs/drafts/odd']);
  expect(await treeWith(mirror, base, await changesBetween(mirror, base, odd))).toBe(odd);
  expect(await treeWith(mirror, odd, await changesBetween(mirror, odd, base))).toBe(base);
});

test('the changes between any two trees turn the first into the second', async () => {
  const files = fc
    .dictionary(fc.constantFrom('a', 'b', 'a/x', 'a/y', 'a-b', 'c/d/e', 'c/d', 'c'), fc.constantFrom('1', '2'), {
      noNullPrototype: true,
    })
    .filter(
      (tree) => !Object.keys(tree).some((path) => Object.keys(tree).some((other) => other.startsWith(`${path}/`))),
    );
  const treeWithFiles = async (content: Record<string, string>) =>
    treeOf(
      mirror,
      await writeCommit(mirror, {
        parents: [],
        tree: 'empty',
        changes: Object.entries(content).map(([path, text]) => ({ path, text })),
        message: '',
        stamp,
      }),
    );
  await fc.assert(
    fc.asyncProperty(files, files, async (before, after) => {
      const [from, to] = [await treeWithFiles(before), await treeWithFiles(after)];
      expect(await treeWith(mirror, from, await changesBetween(mirror, from, to))).toBe(to);
    }),
    {
      numRuns: 20,
      examples: [
        [{ c: '1' }, { 'c/d': '1' }],
        [{ 'a/x': '1', 'a-b': '1' }, { a: '2' }],
      ],
    },
  );
});

describe('a merge of trees', () => {
  const config = mkdtempSync(join(tmpdir(), 'joinpoint-config-'));
  afterEach(() => delete process.env['GIT_CONFIG_GLOBAL']);
  afterAll(() => rmSync(config, { recursive: true, force: true }));

  const merged = async (...files: readonly Record<string, string | null>[]) => {
    const commits = await Promise.all(files.map((one) => edit(mirror, repo.start, one)));
    const [base, ours, theirs] = await treesOf(mirror, [repo.start, ...commits]);
    return mergeTrees(mirror, base!, ours!, theirs!);
  };

  test('takes both sides where they touch different places', async () => {
    const outcome = await merged({ 'a.txt': 'ONE\ntwo\nthree\n' }, { 'dir/b.txt': 'B\n', new: 'n\n' });
    const expected = await edit(mirror, repo.start, { 'a.txt': 'ONE\ntwo\nthree\n', 'dir/b.txt': 'B\n', new: 'n\n' });
    expect(outcome).toEqual({ clean: true, tree: await treeOf(mirror, expected) });
  });

  test('names every file in conflict, once, however odd its name', async () => {
    const outcome = await merged(
      { 'a.txt': 'ours\n', 'ö "x"\ny': 'ours\n' },
      { 'a.txt': 'theirs\n', 'ö "x"\ny': 'theirs\n' },
    );
    expect(outcome).toEqual({ clean: false, files: ['a.txt', 'ö "x"\ny'] });
  });

  test('of an edit with a removal is a conflict', async () => {
    expect(await merged({ 'a.txt': null }, { 'a.txt': 'ONE\ntwo\nthree\n' })).toEqual({
      clean: false,
      files: ['a.txt'],
    });
  });

  test("does not depend on the machine's own git configuration", async () => {
    const sides = [{ 'a.txt': null, 'moved.txt': 'one\ntwo\nthree\n' }, { 'a.txt': 'one\ntwo\nTHREE\n' }];
    const before = await merged(...sides);
    writeFileSync(
      join(config, 'gitconfig'),
      '[merge]\n\trenames = false\n\tdirectoryRenames = true\n[diff]\n\trenames = false\n\tnoprefix = true\n',
    );
    process.env['GIT_CONFIG_GLOBAL'] = join(config, 'gitconfig');
    expect(await merged(...sides)).toEqual(before);
    expect(before.clean).toBe(true);
  });
});
