import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { edit, Mirrored, stamp } from '../test/harness/mirror.js';
import { fetchMirror, type Mirror } from './mirror.js';
import { type Chain, chainRef, LostRace, readRecord, type RecordEntry, recordOnce, repositoryId } from './store.js';

const chain: Chain = { uid: 'u1', writer: 'task-1.1' };
const ref = chainRef(chain);
const branch = 'refs/heads/feature/1.1';

let repo: Mirrored;
let one: Mirror;
let two: Mirror;
beforeEach(async () => {
  ({ repo, mirror: one } = await Mirrored.of({ 'a.txt': 'a\n' }));
  two = await repo.mirror();
});
afterEach(() => repo.remove());

function entry(path: string, text: string, more: Partial<RecordEntry> = {}): RecordEntry {
  return { path, files: { [path]: text }, message: path, stamp, ...more };
}

const recorded = (path: string): string => repo.origin.read(path, ref);

test('records a text byte for byte, and a second time returns it without another push', async () => {
  const text = 'ä "quoted"\r\nno newline at the end \u{1F680}';
  expect(await recordOnce(one, chain, entry('a b/ü.json', text))).toBe(text);
  const pushes = repo.origin.pushes().length;
  expect(await recordOnce(one, chain, entry('a b/ü.json', 'another'))).toBe(text);
  expect(await readRecord(one, chain, 'a b/ü.json')).toBe(text);
  expect(repo.origin.pushes()).toHaveLength(pushes);
});

test('a worker that never fetched learns from the refused push what is recorded already', async () => {
  await recordOnce(one, chain, entry('x', 'first'));
  expect(await recordOnce(two, chain, entry('x', 'second'))).toBe('first');
  expect(recorded('x')).toBe('first');
});

test('two writers of one chain race and both are recorded, in one line of commits', async () => {
  const texts = await Promise.all([
    recordOnce(one, chain, entry('x', 'one')),
    recordOnce(two, chain, entry('y', 'two')),
  ]);
  expect(texts).toEqual(['one', 'two']);
  expect([recorded('x'), recorded('y')]).toEqual(['one', 'two']);
  expect(repo.origin.git('rev-list', '--count', '--min-parents=2', ref).trim()).toBe('0');
});

test('two writers of one path race and both get what the winner wrote', async () => {
  const texts = await Promise.all([one, two].map((mirror, at) => recordOnce(mirror, chain, entry('x', `text ${at}`))));
  expect(texts[0]).toBe(texts[1]);
  expect(repo.origin.pushes().filter((push) => push.ref === ref)).toHaveLength(1);
});

test('what follows from the chain is asked again after a lost race', async () => {
  await recordOnce(one, chain, entry('count', '1'));
  const files = async () => ({ x: 'x', sum: `${await readRecord(two, chain, 'count')}+1` });
  await recordOnce(two, chain, entry('x', 'x', { files }));
  expect(recorded('sum')).toBe('1+1');
});

test('keeps commits reachable through the chain', async () => {
  const kept = await edit(one, repo.start, { 'b.txt': 'b\n' });
  await recordOnce(one, chain, entry('x', 'x', { keep: [kept] }));
  expect(repo.origin.git('cat-file', '-t', kept).trim()).toBe('commit');
  expect(repo.origin.git('ls-tree', '--name-only', ref).trim()).toBe('x');
});

describe('a ref alongside', () => {
  test('moves in the same push as the record', async () => {
    const work = await edit(one, repo.start, { 'b.txt': 'b\n' });
    await recordOnce(one, chain, entry('x', 'x', { alongside: [{ ref: branch, to: work, expected: null }] }));
    expect(repo.origin.head(branch)).toBe(work);
    expect(recorded('x')).toBe('x');
  });

  test('that is not where it was expected keeps the record back too', async () => {
    const theirs = repo.origin.commit({ 'c.txt': 'c\n' }, 'somebody', 'feature/1.1');
    const work = await edit(one, repo.start, { 'b.txt': 'b\n' });
    const late = entry('x', 'x', { alongside: [{ ref: branch, to: work, expected: null }] });
    await expect(recordOnce(one, chain, late)).rejects.toThrow(LostRace);
    expect(repo.origin.head(branch)).toBe(theirs);
    expect(repo.origin.refs('refs/joinpoint/')).toEqual([]);
  });

  test('that a hook declines keeps the record back too, and is said so', async () => {
    writeFileSync(
      join(repo.origin.url, 'hooks/update'),
      '#!/bin/sh\n[ "$1" = refs/heads/feature/1.1 ] && exit 1 || exit 0\n',
    );
    const work = await edit(one, repo.start, { 'b.txt': 'b\n' });
    const declined = entry('x', 'x', { alongside: [{ ref: branch, to: work, expected: null }] });
    await expect(recordOnce(one, chain, declined)).rejects.toMatchObject({ code: 'targetRefused' });
    expect(repo.origin.refs('refs/joinpoint/')).toEqual([]);
  });

  test('a late twin of a lost attempt gets the recorded result and moves nothing', async () => {
    const moved = async (mirror: Mirror, text: string) => {
      const work = await edit(mirror, repo.start, { 'b.txt': text });
      const alongside = [{ ref: branch, to: work, expected: repo.start }];
      return recordOnce(mirror, chain, entry('attempts/1-1.json', text, { alongside }));
    };
    repo.origin.git('update-ref', branch, repo.start);
    await Promise.all([fetchMirror(one), fetchMirror(two)]);
    expect(await moved(one, 'first')).toBe('first');
    const head = repo.origin.head(branch);
    expect(await moved(two, 'late twin')).toBe('first');
    expect(repo.origin.head(branch)).toBe(head);
  });

  test('a twin of another attempt with a stale lease is refused', async () => {
    repo.origin.git('update-ref', branch, repo.start);
    await Promise.all([fetchMirror(one), fetchMirror(two)]);
    const work = await edit(one, repo.start, { 'b.txt': 'b\n' });
    await recordOnce(
      one,
      chain,
      entry('attempts/1-1.json', 'one', { alongside: [{ ref: branch, to: work, expected: repo.start }] }),
    );
    const late = await edit(two, repo.start, { 'b.txt': 'late\n' });
    const twin = entry('attempts/1-2.json', 'two', { alongside: [{ ref: branch, to: late, expected: repo.start }] });
    await expect(recordOnce(two, chain, twin)).rejects.toThrow('is not where it was expected');
    expect(repo.origin.head(branch)).toBe(work);
    expect(repo.origin.git('ls-tree', '-r', '--name-only', ref).trim()).toBe('attempts/1-1.json');
  });
});

test('of two that mint the id of a repository at once both get the same, for ever', async () => {
  const ids = await Promise.all([one, two].map((mirror, at) => repositoryId(mirror, `id-${at}`, stamp)));
  expect(ids[0]).toBe(ids[1]);
  expect(await repositoryId(await repo.mirror(), 'id-3', stamp)).toBe(ids[0]);
});
