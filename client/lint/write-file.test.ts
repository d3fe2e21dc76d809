import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFile } from './write-file.js';

let root: string;
const path = (name: string): string => join(root, name);
const bytes = (text: string): Uint8Array => Buffer.from(text);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'joinpoint-lint-write-'));
  writeFileSync(path('a.yaml'), 'old');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('the whole text, with the mode as it was and nothing beside it', async () => {
  chmodSync(path('a.yaml'), 0o666);
  expect(await replaceFile(root, 'a.yaml', bytes('old'), 'new')).toEqual({ status: 'written' });
  expect(readFileSync(path('a.yaml'), 'utf8')).toBe('new');
  expect(statSync(path('a.yaml')).mode & 0o777).toBe(0o666);
  expect(readdirSync(root)).toEqual(['a.yaml']);
});

test('a file that somebody changed meanwhile stays as it is', async () => {
  expect(await replaceFile(root, 'a.yaml', bytes('older'), 'new')).toMatchObject({ status: 'left' });
  expect(readFileSync(path('a.yaml'), 'utf8')).toBe('old');
});

test('a link inside is followed and stays a link', async () => {
  symlinkSync('a.yaml', path('link.yaml'));
  expect(await replaceFile(root, 'link.yaml', bytes('old'), 'new')).toEqual({ status: 'written' });
  expect(readFileSync(path('a.yaml'), 'utf8')).toBe('new');
  expect(
    readdirSync(root, { withFileTypes: true })
      .find(({ name }) => name === 'link.yaml')!
      .isSymbolicLink(),
  ).toBe(true);
});

test('what lies outside is left', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'joinpoint-lint-outside-'));
  writeFileSync(join(outside, 'b.yaml'), 'old');
  symlinkSync(join(outside, 'b.yaml'), path('link.yaml'));
  expect(await replaceFile(root, 'link.yaml', bytes('old'), 'new')).toEqual({
    status: 'left',
    why: 'lies outside of the repository',
  });
  expect(await replaceFile(root, `../${outside.split('/').at(-1)}/b.yaml`, bytes('old'), 'new')).toMatchObject({
    status: 'left',
  });
  expect(readFileSync(join(outside, 'b.yaml'), 'utf8')).toBe('old');
  rmSync(outside, { recursive: true });
});

test('a file that is gone is left', async () => {
  expect(await replaceFile(root, 'b.yaml', bytes('old'), 'new')).toEqual({
    status: 'left',
    why: 'cannot be written (ENOENT)',
  });
});
