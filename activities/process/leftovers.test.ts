import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endLeftovers, forgetProcess, recordProcess } from './leftovers.js';
import { until } from '../../test/harness/until.js';
import { groupMembers } from './process-group.js';
import { processStartTime } from './process-table.js';
import { runCommand, type StartedProcess } from './run-command.js';

let home: string;
const groups: number[] = [];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'joinpoint-home-'));
});
afterEach(async () => {
  for (const pid of groups.splice(0)) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Ended, as the test wanted.
    }
  }
  await rm(home, { recursive: true, force: true });
});

/** Runs shell text in a group of its own and waits for its first output. */
async function startGroup(run: string): Promise<{ readonly child: ChildProcess; readonly started: StartedProcess }> {
  const child = spawn('/bin/sh', ['-c', run], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  groups.push(pid);
  return { child, started: { pid, startedAt: (await processStartTime(pid)) ?? new Date().toISOString() } };
}

const records = (): Promise<string[]> => readdir(join(home, 'agents'));
const shifted = (startedAt: string, byMs: number): string => new Date(Date.parse(startedAt) + byMs).toISOString();

/** Makes the record look like one of a worker that is gone, or of another that lives. */
async function setOwner(key: string, owner: StartedProcess): Promise<void> {
  const path = join(home, 'agents', `${key}.json`);
  await writeFile(path, JSON.stringify({ ...(JSON.parse(await readFile(path, 'utf8')) as object), owner }));
}

describe('endLeftovers', () => {
  it('ends a recorded group, even one that ignores SIGTERM, once', async () => {
    const { started } = await startGroup("trap '' TERM; sleep 60 & echo up; wait; sleep 60");
    await recordProcess(home, 'task.a', started);
    const [ended, ...others] = await endLeftovers(home, undefined, 100);
    expect(others).toEqual([]);
    expect(ended).toMatchObject({ key: 'task.a', ...started });
    expect(ended?.endedPids.length).toBeGreaterThanOrEqual(2);
    expect(await groupMembers(started.pid)).toEqual([]);
    expect(await records()).toEqual([]);
    expect(await endLeftovers(home)).toEqual([]);
  });

  it.each([-3_600_000, 3_600_000])(
    'leaves a process alone whose id was given away (recorded start %i ms off)',
    async (byMs) => {
      const { started } = await startGroup('echo up; exec sleep 60');
      await recordProcess(home, 'old', { pid: started.pid, startedAt: shifted(started.startedAt, byMs) });
      expect(await endLeftovers(home, 'old')).toEqual([]);
      expect(await processStartTime(started.pid)).toBe(started.startedAt);
      expect(await records()).toEqual([]);
    },
  );

  it('ends members that outlived their leader, unless they are older than the record', async () => {
    const { child, started } = await startGroup('sleep 60 & echo up; read -r never < /dev/zero & wait');
    const exited = once(child, 'exit');
    process.kill(started.pid, 'SIGKILL');
    await exited;
    await recordProcess(home, 'stranger', { pid: started.pid, startedAt: shifted(started.startedAt, 60_000) });
    expect(await endLeftovers(home, 'stranger')).toEqual([]);
    expect((await groupMembers(started.pid)).length).toBeGreaterThan(0);
    await recordProcess(home, 'mine', started);
    expect(await endLeftovers(home, 'mine', 100)).toMatchObject([{ key: 'mine', pid: started.pid }]);
    expect(await groupMembers(started.pid)).toEqual([]);
  });

  it('leaves the agents of another living worker alone, but not those of a dead one, and a key overrides both', async () => {
    const worker = await startGroup('echo up; exec sleep 60');
    const agent = await startGroup('echo up; exec sleep 60');
    await recordProcess(home, 'a', agent.started);
    await setOwner('a', worker.started);
    expect(await endLeftovers(home)).toEqual([]);
    expect(await processStartTime(agent.started.pid)).toBeDefined();
    expect(await endLeftovers(home, 'a', 100)).toHaveLength(1);

    const orphan = await startGroup('echo up; exec sleep 60');
    await recordProcess(home, 'b', orphan.started);
    await setOwner('b', { ...worker.started, startedAt: shifted(worker.started.startedAt, -60_000) });
    expect(await endLeftovers(home, undefined, 100)).toHaveLength(1);
  });

  it('ends the others before it complains about a record that it cannot read', async () => {
    const { started } = await startGroup('echo up; exec sleep 60');
    await recordProcess(home, 'good', started);
    await writeFile(join(home, 'agents', 'bad.json'), '{"pid": -1}');
    await expect(endLeftovers(home)).rejects.toThrow(/bad\.json: is not the record/);
    expect(await processStartTime(started.pid)).toBeUndefined();
    expect(await records()).toEqual(['bad.json']);
  });
});

describe('a record that is taken', () => {
  it("is no longer its starter's while the process ends, and is ended by the next if its taker dies", async () => {
    const { started } = await startGroup("trap '' TERM; echo up; while :; do sleep 0.1; done");
    await recordProcess(home, 'a', started);
    const ending = endLeftovers(home, 'a', 1_000);
    await until(() => existsSync(join(home, 'agents', `a.json.${started.pid}.taken`)), 'the record is taken');
    expect(await forgetProcess(home, 'a', started)).toBe(false);
    expect(await endLeftovers(home, 'a', 0)).toMatchObject([{ key: 'a', pid: started.pid }]);
    await ending;
    expect(await records()).toEqual([]);
  });
});

describe('recordProcess and forgetProcess', () => {
  const one = { pid: 4_000_001, startedAt: '2026-01-01T00:00:00.000Z' };
  const two = { pid: 4_000_002, startedAt: '2026-01-02T00:00:00.000Z' };

  it('take any key, record once, and refuse a second process under it', async () => {
    await recordProcess(home, 'rollout/a/../b', one);
    await recordProcess(home, 'rollout/a/../b', one);
    await expect(recordProcess(home, 'rollout/a/../b', two)).rejects.toThrow('process 4000001 is already recorded');
    expect(await records()).toEqual(['rollout%2Fa%2F..%2Fb.json']);
  });

  it('let nobody forget a successor', async () => {
    await recordProcess(home, 'a', two);
    await forgetProcess(home, 'a', one);
    expect(await records()).toEqual(['a.json']);
    await forgetProcess(home, 'a', two);
    await forgetProcess(home, 'a', two);
    expect(await records()).toEqual([]);
  });

  it('keep a second attempt from beginning while the first one runs', async () => {
    const options = { run: 'sleep 60', cwd: home, env: {}, timeoutMs: 20_000, graceMs: 100 };
    const onStart = (info: StartedProcess): Promise<void> => recordProcess(home, 'a', info);
    let begun: () => void = () => undefined;
    const firstBegun = new Promise<void>((resolve) => (begun = resolve));
    const first = runCommand({ ...options, onStart: (info) => onStart(info).then(begun) });
    await firstBegun;
    await expect(runCommand({ ...options, onStart })).rejects.toThrow('already recorded');
    expect(await endLeftovers(home, 'a', 100)).toHaveLength(1);
    expect(await first).toMatchObject({ exit: 'signal', signal: 'SIGTERM' });
  });
});
