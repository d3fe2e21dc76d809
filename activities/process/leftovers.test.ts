import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type * as Files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { endLeftovers, forgetProcess, recordProcess } from './leftovers.js';
import { until } from '../../test/harness/until.js';
import { groupMembers } from './process-group.js';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.js';
import { runCommand } from './run-command.js';

/** How far the machine's clock was set forward since the test began; the kernel then tells another time of its boot. */
let clockSteppedSeconds = 0;
vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof Files>();
  const readStepped = async (...args: Parameters<typeof fs.readFile>) => {
    const text = await fs.readFile(...args);
    if (args[0] !== '/proc/stat' || typeof text !== 'string') return text;
    return text.replace(/^btime (\d+)$/m, (_, seconds) => `btime ${Number(seconds) + clockSteppedSeconds}`);
  };
  return { ...fs, readFile: readStepped };
});

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
async function startGroup(run: string): Promise<{ readonly child: ChildProcess; readonly started: ProcessIdentity }> {
  const child = spawn('/bin/sh', ['-c', run], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  groups.push(pid);
  return { child, started: (await identifyProcess(pid))! };
}

const records = (): Promise<string[]> => readdir(join(home, 'agents'));
/** The same pid, given to another process so many ticks later. */
const recycled = ({ pid, processStart }: ProcessIdentity, ticks: number): ProcessIdentity => ({
  pid,
  processStart: processStart.replace(/\d+$/, (own) => String(Number(own) + ticks)),
});

/** Makes the record look like one of a worker that is gone, or of another that lives. */
async function setOwner(key: string, owner: ProcessIdentity): Promise<void> {
  const path = join(home, 'agents', `${key}.json`);
  await writeFile(path, JSON.stringify({ ...(JSON.parse(await readFile(path, 'utf8')) as object), owner }));
}

describe('endLeftovers', () => {
  it('ends a recorded group, even one that ignores SIGTERM, once', async () => {
    const { started } = await startGroup("trap '' TERM; sleep 60 & echo up; wait; sleep 60");
    await recordProcess(home, 'task.a', started);
    const [ended, ...others] = await endLeftovers(home, undefined, 100);
    expect(others).toEqual([]);
    expect(ended).toMatchObject({ key: 'task.a', process: started });
    expect(ended?.endedPids.length).toBeGreaterThanOrEqual(2);
    expect(await groupMembers(started.pid)).toEqual([]);
    expect(await records()).toEqual([]);
    expect(await endLeftovers(home)).toEqual([]);
  });

  it.each([-1, 1])('leaves a process alone whose id was given away (recorded start %i ticks off)', async (ticks) => {
    const { started } = await startGroup('echo up; exec sleep 60');
    await recordProcess(home, 'old', recycled(started, ticks));
    expect(await endLeftovers(home, 'old')).toEqual([]);
    expect(await isRunning(started)).toBe(true);
    expect(await records()).toEqual([]);
  });

  it('ends what it recorded before somebody set the clock', async () => {
    const { started } = await startGroup('echo up; exec sleep 60');
    await recordProcess(home, 'a', started);
    clockSteppedSeconds = 3_600;
    try {
      expect(await endLeftovers(home, 'a', 100)).toHaveLength(1);
      expect(await isRunning(started)).toBe(false);
    } finally {
      clockSteppedSeconds = 0;
    }
  });

  it('ends what a worker left that is the first process of its container', async () => {
    const { started } = await startGroup('echo up; exec sleep 60');
    const { pid } = process;
    Object.defineProperty(process, 'pid', { value: 1, configurable: true });
    try {
      await recordProcess(home, 'a', started);
    } finally {
      Object.defineProperty(process, 'pid', { value: pid, configurable: true });
    }
    expect(await endLeftovers(home, 'a', 100)).toHaveLength(1);
  });

  it('ends members that outlived their leader, unless they are older than the record', async () => {
    const { child, started } = await startGroup('sleep 60 & echo up; read -r never < /dev/zero & wait');
    const exited = once(child, 'exit');
    process.kill(started.pid, 'SIGKILL');
    await exited;
    await recordProcess(home, 'stranger', recycled(started, 6_000));
    expect(await endLeftovers(home, 'stranger')).toEqual([]);
    expect((await groupMembers(started.pid)).length).toBeGreaterThan(0);
    await recordProcess(home, 'mine', started);
    expect(await endLeftovers(home, 'mine', 100)).toMatchObject([{ key: 'mine', process: started }]);
    expect(await groupMembers(started.pid)).toEqual([]);
  });

  it('leaves the agents of another living worker alone, but not those of a dead one, and a key overrides both', async () => {
    const worker = await startGroup('echo up; exec sleep 60');
    const agent = await startGroup('echo up; exec sleep 60');
    await recordProcess(home, 'a', agent.started);
    await setOwner('a', worker.started);
    expect(await endLeftovers(home)).toEqual([]);
    expect(await isRunning(agent.started)).toBe(true);
    expect(await endLeftovers(home, 'a', 100)).toHaveLength(1);

    const orphan = await startGroup('echo up; exec sleep 60');
    await recordProcess(home, 'b', orphan.started);
    await setOwner('b', recycled(worker.started, -6_000));
    expect(await endLeftovers(home, undefined, 100)).toHaveLength(1);
  });

  it('ends the others before it complains about a record that it cannot read', async () => {
    const { started } = await startGroup('echo up; exec sleep 60');
    await recordProcess(home, 'good', started);
    await writeFile(join(home, 'agents', 'bad.json'), '{"pid": -1}');
    await expect(endLeftovers(home)).rejects.toThrow(/bad\.json: is not the record/);
    expect(await isRunning(started)).toBe(false);
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
    expect(await endLeftovers(home, 'a', 0)).toMatchObject([{ key: 'a', process: started }]);
    await ending;
    expect(await records()).toEqual([]);
  });
});

describe('recordProcess and forgetProcess', () => {
  const one = { pid: 4_000_001, processStart: 'boot/1' };
  const two = { pid: 4_000_002, processStart: 'boot/2' };

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
    const onStart = (info: ProcessIdentity): Promise<void> => recordProcess(home, 'a', info);
    let begun: () => void = () => undefined;
    const firstBegun = new Promise<void>((resolve) => (begun = resolve));
    const first = runCommand({ ...options, onStart: (info) => onStart(info).then(begun) });
    await firstBegun;
    await expect(runCommand({ ...options, onStart })).rejects.toThrow('already recorded');
    expect(await endLeftovers(home, 'a', 100)).toHaveLength(1);
    expect(await first).toMatchObject({ exit: 'signal', signal: 'SIGTERM' });
  });
});
