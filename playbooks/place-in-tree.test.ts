import { expect, test } from 'vitest';
import { Folder, Page } from './place-in-tree.js';
import { playbooks } from './registry.js';

test.each(['docs/page.md', 'notes.md', '.github/a b.md'])('%s is a page', (path) => {
  expect(Page.safeParse(path).success).toBe(true);
});

test.each([
  '',
  'docs/',
  'docs/page',
  'a.yaml',
  '/docs/page.md',
  '../page.md',
  'a/../../page.md',
  './page.md',
  '.git/page.md',
])('"%s" is none', (path) => {
  expect(Page.safeParse(path).success).toBe(false);
});

test.each(['docs', 'docs/resources'])('%s is a folder', (path) => {
  expect(Folder.safeParse(path).success).toBe(true);
});

test.each(['', '/docs', 'docs/', '..', 'docs/../..', '.git/hooks'])('"%s" is none', (path) => {
  expect(Folder.safeParse(path).success).toBe(false);
});

test.each([
  ['flux-standardization', { document: 'Makefile' }],
  ['resource-limits', { documents: '../elsewhere' }],
  ['monitoring', { document: 'alerts.yaml' }],
  ['monitoring', { folder: '../elsewhere' }],
])('%s does not write to %j', (id, given) => {
  const { parameters } = playbooks.find((one) => one.id === id)!;
  expect(parameters.safeParse(given).success).toBe(false);
});
