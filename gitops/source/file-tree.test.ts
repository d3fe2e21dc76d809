import { expect, test } from 'vitest';
import { type FileTree, textAt, treeOfTexts } from './file-tree.js';

test('what is not there or cannot be read is no text', () => {
  expect(textAt(treeOfTexts({ 'a.yaml': '\uFEFFa: 1\n' }), 'a.yaml')).toBe('\uFEFFa: 1\n');
  expect(textAt(treeOfTexts({}), 'a.yaml')).toBeUndefined();
});

test('bytes that are no UTF-8 do not hide the rest', () => {
  const tree: FileTree = { paths: ['a.sh'], problems: [], read: () => Uint8Array.of(0x61, 0xff, 0x62) };
  expect(textAt(tree, 'a.sh')).toBe('a\uFFFDb');
});
