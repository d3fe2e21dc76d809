import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRevision } from './revision-tree.js';

let dir: string;
const git = (...args: string[]): string => execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' });
const commit = (): string => {
  git('add', '--all');
  git('-c', 'user.name=S', '-c', 'user.email=s@example.invalid', 'commit', '-qm', 'x');
  return git('rev-parse', 'HEAD').trim();
};
const text = (content: Uint8Array): string => Buffer.from(content).toString();

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'joinpoint-revision-'));
  git('init', '-q');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('the files of a folder as they were, whatever the work tree holds by now', async () => {
  mkdirSync(join(dir, 'k8s'));
  writeFileSync(join(dir, 'k8s/a.yaml'), 'a: 1\n');
  const before = commit();
  writeFileSync(join(dir, 'k8s/a.yaml'), 'a: 2\n');
  const tree = await readRevision(dir, before, 'k8s/');
  expect(tree.paths).toEqual(['a.yaml']);
  expect(text(tree.read('a.yaml'))).toBe('a: 1\n');
  expect(() => tree.read('b.yaml')).toThrow('b.yaml');
  expect((await readRevision(dir, before, 'elsewhere/')).paths).toEqual([]);
});

test('a link to a file is the file, to a folder its files; one that leads nowhere, out or round is a problem', async () => {
  mkdirSync(join(dir, 'base/deep'), { recursive: true });
  writeFileSync(join(dir, 'base/a.yaml'), 'a: 1\n');
  writeFileSync(join(dir, 'base/deep/b.yaml'), 'b: 1\n');
  mkdirSync(join(dir, 'apps'));
  symlinkSync('../base/a.yaml', join(dir, 'apps/a.yaml'));
  symlinkSync('a.yaml', join(dir, 'apps/again.yaml'));
  symlinkSync('../base', join(dir, 'apps/base'));
  symlinkSync('../../outside.yaml', join(dir, 'apps/out.yaml'));
  symlinkSync(join(dir, 'base/a.yaml'), join(dir, 'apps/absolute.yaml'));
  symlinkSync('loop.yaml', join(dir, 'apps/loop.yaml'));
  symlinkSync('..', join(dir, 'apps/up'));
  const tree = await readRevision(dir, commit(), '');
  expect(tree.paths).toEqual([
    'apps/a.yaml',
    'apps/again.yaml',
    'apps/base/a.yaml',
    'apps/base/deep/b.yaml',
    'base/a.yaml',
    'base/deep/b.yaml',
  ]);
  expect(text(tree.read('apps/again.yaml'))).toBe('a: 1\n');
  expect(
    ['apps/again.yaml', 'apps/base/deep/b.yaml', 'apps/base/new.yaml', 'apps/base', 'apps/out.yaml', 'new'].map(
      (path) => tree.placeOf(path),
    ),
  ).toEqual(['base/a.yaml', 'base/deep/b.yaml', 'base/new.yaml', 'base', 'apps/out.yaml', 'new']);
  expect(tree.problems.map(({ path }) => path)).toEqual([
    'apps/absolute.yaml',
    'apps/loop.yaml',
    'apps/out.yaml',
    'apps/up',
  ]);
});
