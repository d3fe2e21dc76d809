import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanEnvironment } from './environment.js';
import { groupMembers } from './process-group.js';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.js';
import { runCommand, type CommandOptions, type CommandResult } from './run-command.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'joinpoint-run-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const env = cleanEnvironment({ source: process.env });
const start = (run: string, options: Partial<CommandOptions> = {}): Promise<CommandResult> =>
  runCommand({ run, cwd, env, timeoutMs: 20_000, graceMs: 200, ...options });

/** The pids that a command printed, one a line. */
const printedPids = (output: string): number[] => output.trim().split('\n').map(Number);

describe('runCommand', () => {
  it('answers the code and both streams in the order written', async () => {
    const result = await start('echo one; echo two >&2; echo three; exit 3');
    expect(result).toMatchObject({
      exit: 'code',
      code: 3,
      output: 'one\ntwo\nthree\n',
      totalBytes: 14,
      leftChildren: false,
    });
    expect(result.durationMs).toBeLessThan(5_000);
  });

  it('answers 127 for a program that does not exist, and the signal of one that was killed', async () => {
    expect(await start('no-such-program-anywhere')).toMatchObject({ exit: 'code', code: 127 });
    expect(await start('kill -KILL $$')).toMatchObject({ exit: 'signal', signal: 'SIGKILL' });
  });

  it.each([
    ['a missing folder', { cwd: '/no/such/folder' }, /cwd/],
    ['a command that no process can be given', { run: 'echo \0' }, /null bytes/],
    ['a command longer than the kernel takes', { run: `: ${'x'.repeat(300_000)}` }, /E2BIG/],
  ])('answers notStarted for %s', async (_, options, reason) => {
    const result = await start('true', options);
    expect(result).toMatchObject({ exit: 'notStarted', output: '', leftChildren: false });
    expect(result.exit === 'notStarted' && result.reason).toMatch(reason);
  });

  it('delivers stdin, an empty one by default, and does not mind a command that ignores it', async () => {
    expect(await start('cat', { stdin: 'grüße\n' })).toMatchObject({ code: 0, output: 'grüße\n' });
    expect(await start('cat')).toMatchObject({ code: 0, output: '' });
    expect(await start('true', { stdin: 'x'.repeat(1_000_000) })).toMatchObject({ exit: 'code', code: 0 });
  });

  it('shows the command nothing of the worker but what it was given', async () => {
    process.env['JOINPOINT_TEST_TOKEN'] = 'leak';
    const result = await start('env; ls /proc/self/fd 2>/dev/null | wc -l', {
      env: cleanEnvironment({ source: process.env, set: { TASK: 'p1' } }),
    });
    delete process.env['JOINPOINT_TEST_TOKEN'];
    const names = result.output.split('\n').flatMap((line) => (line.includes('=') ? [line.split('=')[0]] : []));
    const expected = [
      'PATH',
      'HOME',
      'USER',
      'LANG',
      'LC_ALL',
      'TZ',
      'TMPDIR',
      'TERM',
      'TASK',
      'PWD',
      'OLDPWD',
      'SHLVL',
      '_',
    ];
    expect(names.filter((name) => !expected.includes(name ?? ''))).toEqual([]);
    expect(names).toContain('TASK');
  });

  it('takes 100 MB in bounded memory, and keeps its head, its tail and a capped file', async () => {
    const outputFile = join(cwd, 'deep', 'output.log');
    const before = process.memoryUsage();
    let peakBytes = 0;
    const sampling = setInterval(() => {
      const now = process.memoryUsage();
      peakBytes = Math.max(peakBytes, now.heapUsed + now.arrayBuffers - before.heapUsed - before.arrayBuffers);
    }, 10);
    const result = await start('echo first; yes | head -c 104857600; echo last', {
      outputFile,
      outputFileCapBytes: 1_000_000,
    });
    clearInterval(sampling);
    expect(result).toMatchObject({ exit: 'code', code: 0, totalBytes: 104_857_600 + 11 });
    expect(result).not.toHaveProperty('outputFileProblem');
    expect(result.output).toMatch(/^first\ny\n.*\n… \d+ bytes left out …\n.*y\nlast\n$/s);
    expect(result.output.length).toBeLessThan(65 * 1024);
    expect(peakBytes).toBeLessThan(64 * 1024 * 1024);
    expect((await stat(outputFile)).size).toBeLessThan(1_000_100);
    expect((await stat(outputFile)).mode & 0o077).toBe(0);
    expect(await readFile(outputFile, 'utf8')).toMatch(/^first\n.*\n… cut after 1000000 bytes …\n$/s);
  }, 30_000);

  it('says when the output could not be written to the file', async () => {
    expect(await start('echo x', { outputFile: '/dev/null/x' })).toMatchObject({
      code: 0,
      output: 'x\n',
      outputFileProblem: expect.stringContaining('/dev/null/x') as string,
    });
  });

  it('ends a command that hangs, its children included', async () => {
    const result = await start('sleep 60 & echo $!; sleep 61 & echo $!; wait', { timeoutMs: 300 });
    expect(result).toMatchObject({ exit: 'timeout', afterMs: 300, leftChildren: false });
    for (const pid of printedPids(result.output)) expect(await identifyProcess(pid)).toBeUndefined();
  });

  it('kills what ignores SIGTERM once the grace is over', async () => {
    const result = await start("trap '' TERM; echo $$; while :; do sleep 0.05; done", { timeoutMs: 200 });
    expect(result).toMatchObject({ exit: 'timeout' });
    expect(result.durationMs).toBeGreaterThan(390);
    expect(await groupMembers(printedPids(result.output)[0] ?? 0)).toEqual([]);
  });

  it('keeps what a command says while it is being ended', async () => {
    const result = await start("trap 'echo bye; exit 0' TERM; sleep 60 & wait", { timeoutMs: 200 });
    expect(result).toMatchObject({ exit: 'timeout', output: 'bye\n' });
  });

  it('ends children left in the background and reports them', async () => {
    const result = await start('sleep 60 & echo $!');
    expect(result).toMatchObject({ exit: 'code', code: 0, leftChildren: true });
    expect(result.durationMs).toBeLessThan(1_000);
    expect(await identifyProcess(printedPids(result.output)[0] ?? 0)).toBeUndefined();
  });

  it('does not call a child left that ends right behind the command', async () => {
    expect(await start('(sleep 0.02; echo late) & true')).toMatchObject({ output: 'late\n', leftChildren: false });
  });

  it('does not wait for a child that left the group with the output open', async () => {
    const result = await start("setsid sh -c 'echo $$; exec sleep 60' & sleep 0.3; exit 4");
    const escaped = printedPids(result.output)[0] ?? 0;
    try {
      expect(result).toMatchObject({ exit: 'code', code: 4, leftChildren: true });
      expect(result.durationMs).toBeLessThan(3_000);
    } finally {
      if (escaped > 1) process.kill(escaped, 'SIGKILL');
    }
  });

  it('ends the group on abort and throws the reason itself', async () => {
    const controller = new AbortController();
    const reason = new Error('CancelledFailure');
    let started: ProcessIdentity | undefined;
    const running = start("trap '' TERM; sleep 60 & wait; sleep 60", {
      signal: controller.signal,
      onStart: (info) => void (started = info),
    });
    setTimeout(() => controller.abort(reason), 150);
    await expect(running).rejects.toBe(reason);
    expect(await groupMembers(started?.pid ?? 0)).toEqual([]);
  });

  it('is seen by Temporal as a cancelled activity', async () => {
    const activity = new MockActivityEnvironment();
    const running = activity.run(() => start('sleep 60', { signal: Context.current().cancellationSignal }));
    setTimeout(() => activity.cancel(), 100);
    await expect(running).rejects.toBeInstanceOf(CancelledFailure);
  });

  it('starts nothing when it was aborted before', async () => {
    const reason = new Error('too late');
    await expect(start('touch ran', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(existsSync(join(cwd, 'ran'))).toBe(false);
  });

  it('does not begin before onStart is done, and tells it the truth', async () => {
    let seen: readonly unknown[] = [];
    const result = await start('echo $$; touch ran', {
      onStart: async (info) => {
        await sleep(150);
        seen = [info.pid, await isRunning(info), existsSync(join(cwd, 'ran'))];
      },
    });
    expect(seen).toEqual([printedPids(result.output)[0], true, false]);
    expect(existsSync(join(cwd, 'ran'))).toBe(true);
  });

  it('never begins when onStart fails or the abort comes during it', async () => {
    const refused = new Error('already recorded');
    await expect(start('touch ran', { onStart: () => Promise.reject(refused) })).rejects.toBe(refused);
    const controller = new AbortController();
    const reason = new Error('cancelled');
    await expect(
      start('touch ran', { signal: controller.signal, onStart: () => controller.abort(reason) }),
    ).rejects.toBe(reason);
    expect(existsSync(join(cwd, 'ran'))).toBe(false);
  });
});
