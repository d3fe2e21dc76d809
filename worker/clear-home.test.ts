import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workTreeName } from '../git/work-tree.js';
import { clearHome } from './clear-home.js';

test('a starting worker keeps the trees of one that lives, not those of one that had its own pid before it', async () => {
  const home = mkdtempSync(join(tmpdir(), 'joinpoint-home-'));
  const other = spawn('sleep', ['60']);
  try {
    const living = `check-${other.pid}-0a1b2c3d`;
    for (const name of [living, workTreeName('agent-1.1'), workTreeName('plan'), `check-${2 ** 22 - 1}-0a1b2c3d`])
      mkdirSync(join(home, 'work', 'key', name), { recursive: true });
    await clearHome(home);
    expect(readdirSync(join(home, 'work', 'key'))).toEqual([living]);
  } finally {
    other.kill();
    rmSync(home, { recursive: true });
  }
});
