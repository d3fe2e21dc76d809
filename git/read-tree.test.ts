import { afterEach, expect, test } from 'vitest';
import { Origin } from '../test/harness/origin.js';
import { readTree } from './read-tree.js';

let origin: Origin | undefined;
afterEach(() => origin?.remove());

test('every file of a folder at a revision, whatever its name and its bytes', async () => {
  origin = Origin.create({
    'k8s/a.yaml': 'a: ä\n',
    'k8s/x y/b\tc.yaml': '',
    'other.yaml': 'o: 1\n',
    'k8s/same.yaml': 'a: ä\n',
  });
  const files = await readTree(origin.url, 'HEAD:k8s', 1_000);
  expect(files.map(({ path, bytes, content }) => [path, bytes, Buffer.from(content!).toString()])).toEqual([
    ['a.yaml', 6, 'a: ä\n'],
    ['same.yaml', 6, 'a: ä\n'],
    ['x y/b\tc.yaml', 0, ''],
  ]);
});

test('what is larger than asked for is there without its content', async () => {
  origin = Origin.create({ 'a.yaml': 'x'.repeat(11), 'b.yaml': 'y'.repeat(10) });
  const files = await readTree(origin.url, 'HEAD:', 10);
  expect(files.map(({ path, bytes, content }) => [path, bytes, content?.length])).toEqual([
    ['a.yaml', 11, undefined],
    ['b.yaml', 10, 10],
  ]);
});

test('git says what it does not know', async () => {
  origin = Origin.create({ 'a.yaml': '' });
  await expect(readTree(origin.url, 'HEAD:nowhere', 10)).rejects.toThrow(/nowhere/);
});
