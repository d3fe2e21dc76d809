import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ignoredIn } from './ignored.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'joinpoint-ignored-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('files and folders that git ignores, but none that it keeps nevertheless', async () => {
  execFileSync('git', ['-C', dir, 'init', '-q']);
  mkdirSync(join(dir, 'k8s/out/deep'), { recursive: true });
  writeFileSync(join(dir, '.gitignore'), 'out/\n*.dec.yaml\n');
  for (const path of ['out/deep/a.yaml', 'a.dec.yaml', 'kept.dec.yaml', 'b.yaml'])
    writeFileSync(join(dir, 'k8s', path), '');
  execFileSync('git', ['-C', dir, 'add', '--force', 'k8s/kept.dec.yaml']);
  expect(await ignoredIn(join(dir, 'k8s'))).toEqual(new Set(['out/', 'a.dec.yaml']));
});

test('nothing is ignored outside of a repository, or where git will not say', async () => {
  expect(await ignoredIn(dir)).toEqual(new Set());
  writeFileSync(join(dir, '.git'), 'gitdir: /nowhere\n');
  expect(await ignoredIn(dir)).toEqual(new Set());
});
