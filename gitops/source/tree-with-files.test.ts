import { expect, test } from 'vitest';
import { treeOfTexts } from './file-tree.js';
import { treeWithFiles } from './tree-with-files.js';

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test('a tree without changes is the tree itself, one with changes leaves it as it was', () => {
  const tree = treeOfTexts({ 'b.yaml': 'b: 1\n', 'old.yaml': 'o: 1\n' });
  expect(treeWithFiles(tree, new Map())).toBe(tree);
  const changed = treeWithFiles(
    tree,
    new Map([
      ['old.yaml', null],
      ['a.yaml', 'ä\n'],
    ]),
  );
  expect(changed.paths).toEqual(['a.yaml', 'b.yaml']);
  expect(textOf(changed.read('a.yaml'))).toBe('ä\n');
  expect(textOf(changed.read('b.yaml'))).toBe('b: 1\n');
  expect(tree.paths).toEqual(['b.yaml', 'old.yaml']);
});
