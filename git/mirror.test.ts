import { existsSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { edit, Mirrored, stamp } from '../test/harness/mirror.js';
import {
  branchHead,
  fetchMirror,
  isAncestor,
  type Mirror,
  openMirror,
  resolveCommit,
  targetHead,
  withoutPassword,
} from './mirror.js';
import { publishPlan } from './plan-store.js';
import { GitError } from './run.js';

let repo: Mirrored;
let mirror: Mirror;
let home: string;
beforeEach(async () => {
  ({ repo, mirror } = await Mirrored.of({ 'a.txt': 'a\n' }));
  home = mkdtempSync(join(tmpdir(), 'joinpoint-home-'));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
  repo.remove();
});

test('is made once, also by many at once, and each target has its own', async () => {
  const opened = await Promise.all([1, 2, 3].map(() => openMirror(home, repo.origin.url)));
  expect(new Set(opened.map(({ dir }) => dir)).size).toBe(1);
  expect((await openMirror(home, '/elsewhere')).dir).not.toBe(opened[0]!.dir);
});

test('has every branch and every record of the origin, and forgets those that are gone', async () => {
  const head = repo.origin.commit({ b: 'b\n' }, 'b', 'side');
  repo.origin.git('update-ref', 'refs/joinpoint/u1/plan', head);
  await fetchMirror(mirror);
  expect(await branchHead(mirror, 'side')).toBe(head);
  expect(await resolveCommit(mirror, 'refs/joinpoint/u1/plan')).toBe(head);
  repo.origin.git('update-ref', '-d', 'refs/heads/side');
  await fetchMirror(mirror);
  expect(await branchHead(mirror, 'side')).toBeUndefined();
});

test('follows a branch whose history was rewritten', async () => {
  repo.origin.commit({ b: 'b\n' }, 'b');
  await fetchMirror(mirror);
  repo.origin.git('update-ref', 'refs/heads/main', repo.start);
  await fetchMirror(mirror);
  expect(await targetHead(mirror, 'main')).toBe(repo.start);
});

test('tells ancestors from others', async () => {
  const child = await edit(mirror, repo.start, { b: 'b\n' });
  expect(await isAncestor(mirror, repo.start, child)).toBe(true);
  expect(await isAncestor(mirror, child, repo.start)).toBe(false);
});

test('a branch that the target does not have is refused with what to do', async () => {
  await expect(targetHead(mirror, 'release')).rejects.toMatchObject({
    code: 'branchMissing',
    message: `${repo.origin.url}#release: the target has no such branch; create it or name another with --branch`,
  });
});

describe('what is no repository', () => {
  const plan = { 'plan.yaml': 'name: x\n' };

  test('is refused when a rollout is to start on it, in one line', async () => {
    const folder = await openMirror(home, home);
    await expect(publishPlan(folder, 'u1', plan, stamp.at)).rejects.toMatchObject({
      code: 'targetUnreachable',
      message: `${home}: is not a git repository; give the URL or path of one`,
    });
  });

  test('is an outage when it was one before: the next fetch gets through', async () => {
    await publishPlan(mirror, 'u1', plan, stamp.at);
    renameSync(repo.origin.url, `${repo.origin.url}.away`);
    await expect(fetchMirror(mirror)).rejects.toThrow(GitError);
    renameSync(`${repo.origin.url}.away`, repo.origin.url);
    await fetchMirror(mirror);
    expect(await targetHead(mirror, 'main')).toBe(repo.start);
  });
});

describe('a lock file that git left behind', () => {
  const lockOf = (): string => join(mirror.dir, 'refs/remotes/origin/main.lock');
  const leave = (ageSeconds: number): void => {
    writeFileSync(lockOf(), '');
    const then = Date.now() / 1000 - ageSeconds;
    utimesSync(lockOf(), then, then);
  };

  test('is removed when it is older than any fetch, so that the next one gets through', async () => {
    const head = repo.origin.commit({ b: 'b\n' }, 'b');
    leave(300);
    await expect(fetchMirror(mirror)).rejects.toThrow('main.lock');
    await fetchMirror(mirror);
    expect(await branchHead(mirror, 'main')).toBe(head);
  });

  test('is left alone while another process may hold it', async () => {
    repo.origin.commit({ b: 'b\n' }, 'b');
    leave(1);
    await expect(fetchMirror(mirror)).rejects.toThrow(GitError);
    expect(existsSync(lockOf())).toBe(true);
  });
});

test('a URL is shown without its password or token', () => {
  const shown = [
    ['https://user:token@host/x.git', 'https://host/x.git'],
    ['https://token@host/x.git', 'https://host/x.git'],
    ['ssh://git@host/x.git', 'ssh://host/x.git'],
    ['git@host:x.git', 'git@host:x.git'],
    ['/a/path@2', '/a/path@2'],
  ];
  expect(shown.map(([url]) => withoutPassword(url!))).toEqual(shown.map(([, text]) => text));
});

test('an error of git is one line, without the password or token of a URL in it', () => {
  const stderr = "remote: hello\nfatal: unable to access 'https://me:secret@host/x.git/': no route\nhint: x\n";
  const { message } = new GitError(['fetch'], 128, '', stderr);
  expect(message).toBe("git fetch: exited 128: fatal: unable to access 'https://host/x.git/': no route");
});
