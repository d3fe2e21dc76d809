import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readFolder } from './folder-tree.js';

let root: string;
const write = (path: string, text = ''): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const link = (target: string, path: string): void => symlinkSync(target, join(root, path));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'joinpoint-folder-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('files in the order of their code units, hidden ones too; nothing of git, of joinpoint or of other repositories', () => {
  for (const path of ['b.yaml', 'a/z.yaml', 'a.yaml', 'B.yaml', '.sops.yaml']) write(path);
  for (const path of ['.git/config', 'a/node_modules/x.yaml', '.joinpoint/work/x.yaml', 'sub/.git', 'sub/x.yaml'])
    write(path);
  const tree = readFolder(root);
  expect(tree.paths).toEqual(['.sops.yaml', 'B.yaml', 'a.yaml', 'a/z.yaml', 'b.yaml']);
  expect(tree.problems).toEqual([]);
});

test('what is ignored is left out', () => {
  for (const path of ['a.yaml', 'out/b.yaml', 'secret.dec.yaml']) write(path);
  expect(readFolder(root, { ignored: new Set(['out/', 'secret.dec.yaml']) }).paths).toEqual(['a.yaml']);
});

test('links are followed inside; one that leads out, nowhere or round is a problem', () => {
  write('base/a.yaml', 'a: 1\n');
  write('base/deep/b.yaml');
  write('apps/c.yaml');
  link('../base/a.yaml', 'apps/a.yaml');
  link('../base', 'apps/base');
  link(tmpdir(), 'apps/out');
  link('nothing.yaml', 'apps/nowhere.yaml');
  link('loop.yaml', 'apps/loop.yaml');
  link('..', 'apps/up');
  link('../base', 'base/self');
  const tree = readFolder(root);
  expect(tree.paths).toEqual([
    'apps/a.yaml',
    'apps/base/a.yaml',
    'apps/base/deep/b.yaml',
    'apps/c.yaml',
    'base/a.yaml',
    'base/deep/b.yaml',
  ]);
  expect(Buffer.from(tree.read('apps/a.yaml')).toString()).toBe('a: 1\n');
  expect(tree.problems.map(({ path }) => path).sort()).toEqual([
    'apps/base/self',
    'apps/loop.yaml',
    'apps/nowhere.yaml',
    'apps/out',
    'apps/up',
    'base/self',
  ]);
});

test('links that multiply end', () => {
  write('f0/a.yaml');
  for (let level = 1; level < 20; level++) {
    mkdirSync(join(root, `f${level}`));
    for (const name of ['x', 'y']) link(`../f${level - 1}`, `f${level}/${name}`);
  }
  const { problems } = readFolder(root);
  expect(problems[0]!.message).toBe('is one link to a folder too many; remove some');
});

test('a pipe is never opened, a huge file never read, and a file that went away is said to be', () => {
  execFileSync('mkfifo', [join(root, 'pipe.yaml')]);
  write('huge.yaml');
  truncateSync(join(root, 'huge.yaml'), 17 * 1024 * 1024);
  write('gone.yaml');
  const tree = readFolder(root);
  rmSync(join(root, 'gone.yaml'));
  expect(tree.problems.map(({ path }) => path)).toEqual(['pipe.yaml']);
  expect(() => tree.read('huge.yaml')).toThrow('is larger than 16 MB');
  expect(() => tree.read('gone.yaml')).toThrow('cannot be read (ENOENT)');
});

test('a tree gives what it read first; the next one the very same bytes of a file that is the same, new ones of another', () => {
  write('a.yaml', 'a: 1\n');
  write('b.yaml', 'b: 1\n');
  const before = readFolder(root);
  const bytes = [before.read('a.yaml'), before.read('b.yaml')];
  write('b.yaml', 'b: 2\n');
  expect(Buffer.from(before.read('b.yaml')).toString()).toBe('b: 1\n');
  const after = readFolder(root, { previous: before });
  expect(after.read('a.yaml')).toBe(bytes[0]);
  expect(Buffer.from(after.read('b.yaml')).toString()).toBe('b: 2\n');
});

test('a root that is not there is not an empty one', () => {
  expect(() => readFolder(join(root, 'nowhere'))).toThrow('ENOENT');
});
