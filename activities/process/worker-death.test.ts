import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endLeftovers } from './leftovers.js';
import { groupGone, groupMembers } from './process-group.js';

let home: string;
let worker: ChildProcess | undefined;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'joinpoint-death-'));
});
afterEach(async () => {
  worker?.kill('SIGKILL');
  await endLeftovers(home, undefined, 100);
  await rm(home, { recursive: true, force: true });
});

/** Starts a process that runs one command as a worker does, waits until `afterStart` has printed the group's id, and kills it. */
async function killWorkerAt(afterStart: string): Promise<number> {
  const script = `
    import { runCommand } from '${import.meta.dirname}/run-command.ts';
    import { recordProcess } from '${import.meta.dirname}/leftovers.ts';
    const home = process.argv[1];
    await runCommand({
      run: 'touch begun; trap "" HUP; sleep 60 & wait',
      cwd: home, env: { PATH: process.env.PATH }, timeoutMs: 60_000,
      onStart: async (info) => { ${afterStart} },
    });`;
  worker = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = (await once(worker.stdout as NonNullable<ChildProcess['stdout']>, 'data')) as [Buffer];
  for (
    let waitedMs = 0;
    afterStart.startsWith('await') && !existsSync(join(home, 'begun')) && waitedMs < 5_000;
    waitedMs += 20
  )
    await sleep(20);
  const exited = once(worker, 'exit');
  worker.kill('SIGKILL');
  await exited;
  return Number(printed.toString());
}

describe('a worker that is killed', () => {
  it('before its command is recorded leaves nothing running', async () => {
    const pid = await killWorkerAt('console.log(info.pid); await new Promise(() => setTimeout(() => {}, 60_000));');
    expect(await groupGone(pid, 2_000)).toBe(true);
    expect(existsSync(join(home, 'begun'))).toBe(false);
  }, 20_000);

  it('under a working command leaves it to the next worker of this home, which ends it', async () => {
    const pid = await killWorkerAt("await recordProcess(home, 'task.a', info); console.log(info.pid);");
    expect((await groupMembers(pid)).length).toBeGreaterThan(0);
    expect(await endLeftovers(home, undefined, 200)).toMatchObject([{ key: 'task.a', process: { pid } }]);
    expect(await groupMembers(pid)).toEqual([]);
    expect(await readdir(join(home, 'agents'))).toEqual([]);
  }, 20_000);
});
