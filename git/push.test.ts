import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { edit, Mirrored } from '../test/harness/mirror.js';
import type { Mirror } from './mirror.js';
import { pushRefs } from './push.js';
import { GitError } from './run.js';

const branch = 'refs/heads/feature/x';

let repo: Mirrored;
let mirror: Mirror;
let work: string;
beforeEach(async () => {
  ({ repo, mirror } = await Mirrored.of({ 'a.txt': 'a\n' }));
  work = await edit(mirror, repo.start, { b: 'b\n' });
});
afterEach(() => repo.remove());

test('what is new is pushed, and pushing it again is no error', async () => {
  expect(await pushRefs(mirror, [{ ref: branch, to: work, expected: null }])).toBe('pushed');
  expect(await pushRefs(mirror, [{ ref: branch, to: work }])).toBe('pushed');
  expect(repo.origin.head(branch)).toBe(work);
});

describe('is stale, and moves nothing,', () => {
  test('when an unforced push is no fast-forward, known or not', async () => {
    const theirs = repo.origin.commit({ c: 'c\n' }, 'theirs');
    expect(await pushRefs(mirror, [{ ref: 'refs/heads/main', to: work }])).toBe('stale');
    expect(repo.origin.head()).toBe(theirs);
  });

  test.each([
    ['there is a branch where none was expected', null],
    ['the branch is elsewhere than expected', 'start'],
  ])('when %s', async (_, expected) => {
    const theirs = repo.origin.commit({ c: 'c\n' }, 'theirs', 'feature/x');
    expect(await pushRefs(mirror, [{ ref: branch, to: work, expected: expected === null ? null : repo.start }])).toBe(
      'stale',
    );
    expect(repo.origin.head(branch)).toBe(theirs);
  });

  test('when a lease is not met, though it would be a fast-forward', async () => {
    const next = await edit(mirror, work, { d: 'd\n' });
    repo.origin.git('update-ref', branch, repo.start);
    expect(await pushRefs(mirror, [{ ref: branch, to: next, expected: null }])).toBe('stale');
    expect(await pushRefs(mirror, [{ ref: branch, to: next, expected: work }])).toBe('stale');
    expect(repo.origin.head(branch)).toBe(repo.start);
  });

  test('when one of several refs is', async () => {
    repo.origin.commit({ c: 'c\n' }, 'theirs', 'feature/x');
    const updates = [
      { ref: 'refs/heads/other', to: work, expected: null },
      { ref: branch, to: work, expected: null },
    ];
    expect(await pushRefs(mirror, updates)).toBe('stale');
    expect(repo.origin.refs('refs/heads/')).toEqual(['refs/heads/feature/x', 'refs/heads/main']);
  });
});

describe('is refused with what to do, and moves nothing,', () => {
  test('when a branch stands in the way of a folder of branches', async () => {
    repo.origin.commit({ c: 'c\n' }, 'theirs', 'feature');
    await expect(pushRefs(mirror, [{ ref: branch, to: work, expected: null }])).rejects.toMatchObject({
      code: 'targetRefused',
    });
  });
});

test('a hook that declines one of several is a refusal with what it said, and nothing moves', async () => {
  writeFileSync(
    join(repo.origin.url, 'hooks/update'),
    `#!/bin/sh\n[ "$1" = ${branch} ] && { echo "needs a review"; exit 1; }\nexit 0\n`,
  );
  const updates = [
    { ref: 'refs/heads/other', to: work, expected: null },
    { ref: branch, to: work, expected: null },
  ];
  await expect(pushRefs(mirror, updates)).rejects.toMatchObject({
    code: 'targetRefused',
    message: `${repo.origin.url}: refused the push to feature/x: hook declined (needs a review); allow joinpoint's user to push there, then retry`,
  });
  expect(repo.origin.refs('refs/heads/')).toEqual(['refs/heads/main']);
});

test('an origin that is away is a transient error', async () => {
  renameSync(repo.origin.url, `${repo.origin.url}.away`);
  try {
    await expect(pushRefs(mirror, [{ ref: branch, to: work }])).rejects.toThrow(GitError);
  } finally {
    renameSync(`${repo.origin.url}.away`, repo.origin.url);
  }
});
