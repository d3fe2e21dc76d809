import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { edit, listing, Mirrored, stamp } from '../test/harness/mirror.js';
import { withCleanTree } from './clean-trees.js';
import type { Mirror } from './mirror.js';
import { GitError, gitLine, runGit } from './run.js';
import { commitWork, sweepWorkTrees, withWorkTree, workTreeName } from './work-tree.js';

let repo: Mirrored;
let mirror: Mirror;
beforeAll(async () => {
  ({ repo, mirror } = await Mirrored.of({ 'a.txt': 'a\n', '.gitignore': 'ignored\n' }));
});
afterAll(() => repo?.remove());

const commitAll = (dir: string) => commitWork(dir, 'work\n', 'Agent A', stamp.at);

describe('a work tree', () => {
  test('holds the commit, and is gone afterwards, whatever happened in it', async () => {
    let where = '';
    const failing = withWorkTree(mirror, repo.start, 'test', (dir) => {
      where = dir;
      expect(readFileSync(join(dir, 'a.txt'), 'utf8')).toBe('a\n');
      rmSync(join(dir, '.git'));
      return Promise.reject(new Error('the use failed'));
    });
    await expect(failing).rejects.toThrow('the use failed');
    expect(existsSync(where)).toBe(false);
    expect((await runGit(mirror.dir, ['worktree', 'list'])).stdout.trim().split('\n')).toHaveLength(1);
  });

  test('two of one commit do not see each other', async () => {
    await withWorkTree(mirror, repo.start, 'test', (one) =>
      withWorkTree(mirror, repo.start, 'test', async (two) => {
        writeFileSync(join(one, 'a.txt'), 'changed\n');
        expect(readFileSync(join(two, 'a.txt'), 'utf8')).toBe('a\n');
        return Promise.resolve();
      }),
    );
  });
});

test('a work tree is added although another is half added, and git cannot read its entry yet', async () => {
  const half = join(mirror.dir, 'worktrees', 'half');
  mkdirSync(half, { recursive: true });
  writeFileSync(join(half, 'gitdir'), join(mirror.workDir, 'half', '.git'));
  writeFileSync(join(half, 'HEAD'), repo.start);
  writeFileSync(join(half, 'commondir'), '');
  const added = withWorkTree(mirror, repo.start, 'test', (dir) => Promise.resolve(existsSync(join(dir, 'a.txt'))));
  setTimeout(() => rmSync(half, { recursive: true }), 200);
  expect(await added).toBe(true);
});

describe('the work of an agent', () => {
  const inTree = <T>(use: (dir: string) => Promise<T>) => withWorkTree(mirror, repo.start, 'test', use);

  test('is its own commits and whatever it did not commit, with the dates of the workflow', async () => {
    const head = await inTree(async (dir) => {
      writeFileSync(join(dir, 'own'), 'x\n');
      await runGit(dir, ['add', 'own']);
      await runGit(dir, ['-c', 'user.name=Me', '-c', 'user.email=me@x.invalid', 'commit', '--quiet', '-m', 'mine']);
      writeFileSync(join(dir, 'a.txt'), 'changed\n');
      writeFileSync(join(dir, 'new ü'), 'n\n');
      writeFileSync(join(dir, 'ignored'), 'not this\n');
      return commitAll(dir);
    });
    expect(Object.keys(await listing(mirror, head))).toEqual(['.gitignore', 'a.txt', 'new ü', 'own']);
    expect(await gitLine(mirror.dir, ['log', '-1', '--format=%an %at %cn %ct', head])).toBe(
      'Agent A 1700000000 joinpoint 1700000000',
    );
    expect(await gitLine(mirror.dir, ['rev-list', '--count', `${repo.start}..${head}`])).toBe('2');
  });

  test('is the commit that it began with when nothing was done', async () => {
    expect(await inTree(commitAll)).toBe(repo.start);
  });

  test.each<[string, (dir: string) => void]>([
    ['.git is removed', (dir) => rmSync(join(dir, '.git'))],
    ['the whole folder is removed', (dir) => rmSync(dir, { recursive: true })],
    [
      'an index lock is left',
      (dir) => writeFileSync(join(mirror.dir, 'worktrees', dir.split('/').at(-1)!, 'index.lock'), ''),
    ],
    ['.git leads elsewhere', (dir) => writeFileSync(join(dir, '.git'), 'gitdir: /nowhere\n')],
  ])('cannot be taken where %s, and no repository around it is touched', async (_, spoil) => {
    await expect(
      inTree(async (dir) => {
        spoil(dir);
        return commitAll(dir);
      }),
    ).rejects.toThrow(GitError);
  });
});

describe('a clean tree for checks', () => {
  const used: string[] = [];
  const look = (commit: string, check: (dir: string) => void = () => undefined, spoilt = false) =>
    withCleanTree(mirror, commit, (dir) => {
      used.push(dir);
      const files = readdirSync(dir)
        .filter((name) => name !== '.git')
        .toSorted();
      const text = readFileSync(join(dir, 'a.txt'), 'utf8');
      check(dir);
      return Promise.resolve({ spoilt, files, text });
    });
  const clean = { files: ['.gitignore', 'a.txt'], text: 'a\n' };

  test('is used again, with nothing left of the check before, ignored files and nested repositories included', async () => {
    await look(repo.start, (dir) => {
      writeFileSync(join(dir, 'a.txt'), 'changed\n');
      writeFileSync(join(dir, 'ignored'), 'x\n');
      mkdirSync(join(dir, 'nested/.git'), { recursive: true });
      writeFileSync(join(dir, 'nested/.git/HEAD'), 'ref: refs/heads/x\n');
    });
    expect(await look(repo.start)).toMatchObject(clean);
    expect(used.at(-1)).toBe(used.at(-2));
  });

  test('is moved to another commit', async () => {
    const other = await edit(mirror, repo.start, { 'a.txt': 'b\n', 'dir/new': 'n\n' });
    expect(await look(other)).toMatchObject({ files: ['.gitignore', 'a.txt', 'dir'], text: 'b\n' });
    expect(await look(repo.start)).toMatchObject(clean);
  });

  test.each<[string, (dir: string) => void, boolean]>([
    ['was spoilt', () => undefined, true],
    ['lost its link', (dir) => rmSync(join(dir, '.git')), false],
    ['was led to another repository', (dir) => writeFileSync(join(dir, '.git'), `gitdir: ${repo.origin.url}\n`), false],
    ['was removed', (dir) => rmSync(dir, { recursive: true }), false],
  ])('that %s is not used again', async (_, check, spoilt) => {
    await look(repo.start, check, spoilt);
    expect(await look(repo.start)).toMatchObject(clean);
    expect(used.at(-1)).not.toBe(used.at(-2));
    expect(existsSync(used.at(-2)!)).toBe(false);
  });
});

describe('the sweep of a starting worker', () => {
  test('removes the trees of dead processes, keeps those of the living, and may be repeated', async () => {
    const home = mkdtempSync(join(tmpdir(), 'joinpoint-home-'));
    try {
      const mine = workTreeName('agent-1.1');
      for (const name of [mine, 'check-99999999-0a1b2c3d', 'of-nobody'])
        mkdirSync(join(home, 'work', 'key', name), { recursive: true });
      const isAlive = (pid: number): boolean => pid === process.pid;
      await sweepWorkTrees(home, isAlive);
      await sweepWorkTrees(home, isAlive);
      expect(readdirSync(join(home, 'work', 'key'))).toEqual([mine]);
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  test('has nothing to do in a new home', async () => {
    await expect(sweepWorkTrees(join(tmpdir(), 'joinpoint-not-there'), () => true)).resolves.toBeUndefined();
  });
});
