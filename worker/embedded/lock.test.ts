/** The lock among real processes: exclusion under contention, dead holders, recycled pids. */
import { execa } from 'execa';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireLock, readLockHolder } from './lock.js';
import { identifyProcess } from '../../activities/process/process-identity.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'joinpoint-lock-'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

/** A process that imports the lock and runs `body`, in which `home` and `acquireLock` are defined. */
function contender(body: string) {
  const lock = new URL('lock.ts', import.meta.url).href;
  const script = `
    import { open, rm } from 'node:fs/promises';
    import { setTimeout as delay } from 'node:timers/promises';
    import { acquireLock } from ${JSON.stringify(lock)};
    const home = ${JSON.stringify(home)};
    ${body}`;
  return execa(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: new URL('../..', import.meta.url),
    reject: false,
  });
}

describe('acquireLock', () => {
  it('gives the lock once, names its holder, and gives it again after its release', async () => {
    const first = await acquireLock(home);
    const second = await acquireLock(home);
    expect(second).toMatchObject({ held: false, holder: { process: { pid: process.pid } } });
    expect(await readLockHolder(home)).toMatchObject({ process: { pid: process.pid } });

    if (first.held) await first.release();
    expect(await readLockHolder(home)).toBeUndefined();
    expect((await acquireLock(home)).held).toBe(true);
    expect(await readdir(join(home, 'lock'))).toHaveLength(1);
  });

  it('lets a second release of an old holder change nothing', async () => {
    const first = await acquireLock(home);
    if (first.held) await first.release();
    await acquireLock(home);
    if (first.held) await first.release();
    expect((await acquireLock(home)).held).toBe(false);
  });

  it('takes over from a process whose pid now belongs to another', async () => {
    await acquireLock(home);
    const [name = ''] = await readdir(join(home, 'lock'));
    const path = join(home, 'lock', name);
    const self = await identifyProcess(process.pid);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(self?.processStart ?? '?', 'another start'));
    expect((await acquireLock(home)).held).toBe(true);
  });

  it.each(['', '{"process":', '{}'])('takes over from a file that names nobody: %j', async (text) => {
    await acquireLock(home);
    const [name = ''] = await readdir(join(home, 'lock'));
    await writeFile(join(home, 'lock', name), text);
    expect((await acquireLock(home)).held).toBe(true);
  });

  it('lets one of many at once have it', async () => {
    const locks = await Promise.all(Array.from({ length: 30 }, () => acquireLock(home)));
    expect(locks.filter(({ held }) => held)).toHaveLength(1);
  });

  it('never lets two processes in at once', { timeout: 60_000 }, async () => {
    const body = `
      let entered = 0;
      for (const until = Date.now() + 1500; Date.now() < until; ) {
        const lock = await acquireLock(home);
        if (!lock.held) continue;
        const inside = await open(home + '/inside', 'wx');
        await inside.close();
        await rm(home + '/inside');
        await lock.release();
        entered += 1;
        await delay(Math.random() * 3);
      }
      process.stdout.write(String(entered));`;
    const results = await Promise.all([contender(body), contender(body), contender(body)]);
    for (const { exitCode, stderr, stdout } of results) {
      expect(stderr).toBe('');
      expect(exitCode).toBe(0);
      expect(Number(stdout)).toBeGreaterThan(5);
    }
  });

  it('is taken over from a killed holder by exactly one of those who see it', { timeout: 60_000 }, async () => {
    const holder = contender(`
      await acquireLock(home);
      process.stdout.write('held');
      await delay(60_000);`);
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    expect(await readLockHolder(home)).toMatchObject({ process: { pid: holder.pid } });
    expect((await acquireLock(home)).held).toBe(false);

    const heir = `
      let lock = await acquireLock(home);
      while (!lock.held && lock.holder.process.pid === ${holder.pid}) lock = await acquireLock(home);
      process.stdout.write(lock.held ? 'held' : 'refused');
      await delay(lock.held ? 2000 : 0);`;
    const heirs = [contender(heir), contender(heir)];
    await new Promise((resolve) => setTimeout(resolve, 700));
    holder.kill('SIGKILL');
    const results = await Promise.all(heirs);
    expect(results.map(({ stdout }) => stdout).toSorted()).toEqual(['held', 'refused']);
    await holder;
  });
});
