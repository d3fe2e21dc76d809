import { expect, test } from 'vitest';
import { inspectTarget } from './target.js';

test.each([
  'https://me:s3cret@host.invalid/r.git',
  'https://s3cret@host.invalid/r.git',
  'ssh://me:s3cret@host.invalid/r',
])('a URL that holds a password is refused before it is used, and not said again: %s', async (url) => {
  const refused = await inspectTarget(url, 'main').catch((error: unknown) => String(error));
  expect(refused).toContain('has a password or token in its URL');
  expect(refused).not.toContain('s3cret');
});
