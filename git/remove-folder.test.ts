import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeFolder, removeOrLeave } from './remove-folder.js';

const nobody = 65_534;

/** Runs `use` as a user who may not write everywhere: root may, whatever a folder's mode says. */
async function unprivileged(use: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return use();
  process.seteuid?.(nobody);
  try {
    await use();
  } finally {
    process.seteuid?.(0);
  }
}

/** A folder with a read-only one in it, which holds a file. */
function readOnly(): string {
  const dir = mkdtempSync(join(tmpdir(), 'joinpoint-remove-'));
  const cache = join(dir, 'tree', 'cache');
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'file'), '');
  if (process.getuid?.() === 0) for (const path of [dir, join(dir, 'tree'), cache]) chownSync(path, nobody, nobody);
  chmodSync(cache, 0o555);
  return dir;
}

test('a folder with read-only folders in it is removed', async () => {
  const dir = readOnly();
  await unprivileged(() => removeFolder(join(dir, 'tree')));
  expect(existsSync(join(dir, 'tree'))).toBe(false);
});

test('one that cannot be removed is left, and that is said', async () => {
  const dir = readOnly();
  chmodSync(dir, 0o555);
  const warnings: string[] = [];
  const listen = ({ message }: Error): void => void warnings.push(message);
  process.on('warning', listen);
  try {
    await unprivileged(async () => {
      await removeOrLeave(join(dir, 'tree'));
    });
    await new Promise((resolve) => setTimeout(resolve, 10));
  } finally {
    process.off('warning', listen);
    chmodSync(dir, 0o755);
  }
  expect(existsSync(join(dir, 'tree'))).toBe(true);
  expect(warnings).toEqual([expect.stringContaining('tree: could not be removed (')]);
  await removeFolder(dir);
});
