import { expect, test } from 'vitest';
import { treeOfTexts } from '../source/file-tree.js';
import { findingsOf } from './testing.js';
import { unreadableFile } from './unreadable-file.js';

test('what the tree could not give is said of the file', () => {
  const message = 'is a link that leads out of the repository; replace it by the file';
  const tree = { ...treeOfTexts({ 'a.yaml': 'a: 1\n' }), problems: [{ path: 'apps/link.yaml', message }] };
  expect(findingsOf(unreadableFile, tree)).toEqual([{ at: 'apps/link.yaml:1:1', subject: 'apps/link.yaml', message }]);
});

test('silent where everything was read', () => {
  expect(findingsOf(unreadableFile, { 'a.yaml': 'a: 1\n' })).toEqual([]);
});
