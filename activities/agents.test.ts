import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type * as Files from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TaskBranch } from '../git/branch.js';
import { Task } from '../plan/schema.js';
import { ActivityRig } from '../test/harness/activities.js';
import { until } from '../test/harness/until.js';
import type { AgentRequest } from './agents.js';
import type { AttemptResult } from './attempts.js';
import { recordProcess } from './process/leftovers.js';
import { identifyProcess } from './process/process-identity.js';
import { spawnShell } from './process/spawn-shell.js';

/** Folders that cannot be removed, as where an agent's container wrote files of root. */
const nothing = (): boolean => false;
let isStuck: (path: string) => boolean = nothing;
vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof Files>();
  const rm = async (...[path, options]: Parameters<typeof fs.rm>): Promise<void> => {
    if (isStuck(String(path))) throw Object.assign(new Error(`EPERM: ${String(path)}`), { code: 'EPERM' });
    return fs.rm(path, options);
  };
  return { ...fs, rm };
});

const task = Task.parse({ id: '1.1', title: 'Task', agent: 'A', branch: 'feature/1.1', files: ['**'] });

let rig: ActivityRig;
let branch: TaskBranch;
beforeEach(async () => {
  rig = await ActivityRig.of({ 'README.md': 'start\n' });
  branch = await rig.run(rig.activities.createBranch, {
    rollout: rig.rollout,
    task: task.id,
    title: task.title,
    author: 'Agent A',
    branch: task.branch,
    generation: 1,
    stackOn: [],
    at: 0,
  });
});
afterEach(() => {
  isStuck = nothing;
  rig.remove();
});

function attempt(
  run: string,
  { timeout = '1m', ...more }: Partial<AgentRequest> & { readonly timeout?: string } = {},
): Promise<AttemptResult> {
  return rig.run(rig.activities.runAgent, {
    rollout: rig.rollout,
    phase: { id: '1', title: 'Phase 1' },
    task,
    agentName: 'A',
    agent: { kind: 'command', run, concurrency: 1, timeout, env: [] },
    generation: 1,
    attempt: 1,
    branch,
    head: branch.head,
    feedback: [],
    at: 0,
    ...more,
  });
}

const headOfBranch = (): string => rig.origin.head('feature/1.1');
const inHome = (file: string): string => join(rig.home, file);

describe('an attempt', () => {
  test('that is recorded is not made again', async () => {
    const counted = `echo >> ${inHome('runs')}; echo x > new.txt`;
    const first = await attempt(counted);
    expect(first).toMatchObject({ status: 'finished', why: '', head: headOfBranch() });
    expect(await attempt(counted)).toEqual(first);
    expect(readFileSync(inHome('runs'), 'utf8')).toBe('\n');
    await attempt(counted, { attempt: 2, head: first.head });
    expect(readFileSync(inHome('runs'), 'utf8')).toBe('\n\n');
  });

  test.each(['plan', 'agent-1.1'])('is recorded although its folder %s cannot be removed', async (folder) => {
    isStuck = (path) => path.includes(`/${folder}-`);
    const result = await attempt('echo x > new.txt');
    expect(result).toMatchObject({ status: 'finished', head: headOfBranch() });
  });

  test.each([
    ['exit 3', '1m', /^exited with code 3$/],
    ['no-such-agent', '1m', /^exited with code 127: a command was not found/],
    ['kill -9 $$', '1m', /^was ended by SIGKILL$/],
    ['sleep 20', '1s', /^did not end within 1s$/],
  ])('that ends with %j has failed, whatever it did, and its work is kept', async (end, timeout, why) => {
    const result = await attempt(`echo x > new.txt; ${end}`, { timeout });
    expect(result).toMatchObject({ status: 'failed', why: expect.stringMatching(why), head: headOfBranch() });
    expect(rig.origin.read('new.txt', 'feature/1.1')).toBe('x\n');
  });

  test('that rewrites the history of its branch has failed, and the branch stays', async () => {
    const amend = 'git -c user.name=x -c user.email=x commit --quiet --amend --allow-empty -m mine';
    expect(await attempt(`echo x > new.txt; ${amend}`)).toMatchObject({
      status: 'failed',
      why: expect.stringContaining('rewrote the history'),
      head: branch.head,
    });
    expect(headOfBranch()).toBe(branch.head);
  });

  test('begins when what a dead worker left of the one before has ended', async () => {
    const shell = await spawnShell({
      run: `echo > ${inHome('left')}; exec sleep 60`,
      cwd: rig.home,
      env: { PATH: process.env['PATH'] ?? '' },
    });
    if ('reason' in shell) throw new Error(shell.reason);
    const leader = (await identifyProcess(shell.pid))!;
    const key = `${rig.rollout.uid}-${task.id}`;
    await recordProcess(rig.home, key, leader);
    const record = inHome(`agents/${key}.json`);
    const ownerThatDied = { ...leader, pid: 2 ** 22 - 1 };
    writeFileSync(
      record,
      JSON.stringify({ ...(JSON.parse(readFileSync(record, 'utf8')) as object), owner: ownerThatDied }),
    );
    shell.go();
    await until(() => existsSync(inHome('left')), 'the leftover runs');
    expect(await attempt(`kill -0 ${shell.pid} 2>/dev/null || echo x > new.txt`)).toMatchObject({ status: 'finished' });
    expect(rig.origin.read('new.txt', 'feature/1.1')).toBe('x\n');
    expect(await shell.exited).toMatchObject({ exit: 'signal' });
  });
});

/** An agent that says that it began, and works until the test lets it go. */
const waits = (work: string): string =>
  `echo >> ${inHome('began')}; while [ ! -f ${inHome('go')} ]; do sleep 0.05; done; ${work}`;
const began = (times: number): boolean =>
  existsSync(inHome('began')) && readFileSync(inHome('began'), 'utf8').length >= times;

test('an agent that a later attempt ended as a leftover has not failed: nothing is recorded of it', async () => {
  const first = attempt(waits('echo x > new.txt'));
  first.catch(() => undefined);
  await until(() => began(1), 'the agent works');
  const again = attempt(waits('echo x > new.txt'));
  await expect(first).rejects.toThrow('was ended as a leftover');
  await until(() => began(2), 'the agent works again');
  writeFileSync(inHome('go'), '');
  expect(await again).toMatchObject({ status: 'finished', head: headOfBranch() });
});

describe('a branch that somebody else moves meanwhile', () => {
  /** An agent that works until the test has done its part. */
  async function attemptWhile(meanwhile: () => string, head = branch.head): Promise<[AttemptResult, string]> {
    const result = attempt(waits('echo mine > new.txt'), { head });
    await until(() => began(1), 'the agent works');
    const theirs = meanwhile();
    writeFileSync(inHome('go'), '');
    return [await result, theirs];
  }

  test('keeps what they pushed, and the attempt has failed', async () => {
    const [result, theirs] = await attemptWhile(() => rig.origin.commit({ b: 'b\n' }, 'theirs', 'feature/1.1'));
    expect(result).toMatchObject({ status: 'failed', why: expect.stringContaining('somebody pushed'), head: theirs });
    expect(headOfBranch()).toBe(theirs);
  });

  test('is not moved on from where they took it back to', async () => {
    const ahead = rig.origin.commit({ b: 'b\n' }, 'first attempt', 'feature/1.1');
    const [result, theirs] = await attemptWhile(() => {
      rig.origin.git('update-ref', 'refs/heads/feature/1.1', branch.base);
      return branch.base;
    }, ahead);
    expect(result).toMatchObject({ status: 'failed', head: theirs });
    expect(headOfBranch()).toBe(theirs);
  });
});

test('work that the origin declines is a failed attempt with its words, and keeps nothing of what it declined', async () => {
  const hook = join(rig.origin.url, 'hooks', 'pre-receive');
  writeFileSync(
    hook,
    '#!/bin/sh\nwhile read old new ref; do case $ref in refs/heads/feature/*) echo "secret found in new.txt" >&2; exit 1;; esac; done\n',
    { mode: 0o755 },
  );
  const declined = await attempt('echo token > new.txt');
  expect(declined).toMatchObject({
    status: 'failed',
    head: branch.head,
    why: expect.stringMatching(/^could not push its work: .*secret found in new\.txt/),
  });
  expect(headOfBranch()).toBe(branch.head);
  writeFileSync(hook, '#!/bin/sh\n', { mode: 0o755 });
  expect(await attempt('echo fine > new.txt', { attempt: 2 })).toMatchObject({ status: 'finished' });
});

describe("a person's work", () => {
  const collect = () =>
    rig.run(rig.activities.collectWork, { rollout: rig.rollout, branch: 'feature/1.1', base: branch.base });

  test('is what their branch has now', async () => {
    const theirs = rig.origin.commit({ b: 'b\n' }, 'theirs', 'feature/1.1');
    expect(await collect()).toEqual({ head: theirs });
  });

  test('on a branch that is gone is a failure that no retry mends', async () => {
    rig.origin.git('update-ref', '-d', 'refs/heads/feature/1.1');
    await expect(collect()).rejects.toMatchObject({ type: 'branchMissing', nonRetryable: true });
  });
});
