import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readResultFile } from './result-file.js';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'joinpoint-desk-'));
  path = join(dir, 'result.json');
});
afterEach(() => rmSync(dir, { recursive: true }));

const unread = { comment: expect.stringMatching(/^The result file is no .*; it was left unread\.$/) };

test('an agent need not write one', async () => {
  expect(await readResultFile(path)).toEqual({});
});

test('its summary is one line, and secrets are masked in both texts', async () => {
  writeFileSync(
    path,
    JSON.stringify({ summary: ' two\n\nlines\u0000 token=abc ', comment: 'password: abc\nfine', more: 1 }),
  );
  expect(await readResultFile(path)).toEqual({
    summary: 'two lines  token=[redacted]',
    comment: 'password: [redacted]\nfine',
  });
});

test.each([
  '',
  '{',
  'null',
  '[]',
  '{"summary": 1}',
  '{"comment": null}',
  JSON.stringify({ summary: 'x'.repeat(2001) }),
])('what it cannot read, such as %.20s, is left unread and said so', async (text) => {
  writeFileSync(path, text);
  expect(await readResultFile(path)).toEqual(unread);
});

test.each<[string, () => void]>([
  ['a huge file', () => writeFileSync(path, Buffer.alloc(70_000, 32))],
  ['a folder', () => mkdirSync(path)],
  ['a pipe that nobody writes to', () => execFileSync('mkfifo', [path])],
  ['a link to another file', () => symlinkSync('/etc/passwd', path)],
])('%s is left unread', async (_, make) => {
  make();
  expect(await readResultFile(path)).toEqual(unread);
});
