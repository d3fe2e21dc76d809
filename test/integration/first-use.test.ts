import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRunning } from '../../worker/embedded/process-identity.js';
import { stopServer } from '../../worker/embedded/server.js';
import { ServerRecord } from '../../worker/embedded/server-record.js';
import { ensureBuilt, RunningCli, runCli } from '../harness/cli.js';

// Somebody's settings for another server: the example must not touch it.
const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', TEMPORAL_NAMESPACE: 'elsewhere' };
const started: RunningCli[] = [];
let cwd: string;

function start(...args: string[]): RunningCli {
  const cli = new RunningCli(args, { cwd, env });
  started.push(cli);
  return cli;
}

function server(): ServerRecord {
  return ServerRecord.parse(JSON.parse(readFileSync(join(cwd, '.joinpoint', 'server.json'), 'utf8')));
}

beforeAll(async () => {
  await ensureBuilt();
  cwd = mkdtempSync(join(tmpdir(), 'joinpoint-first-use-'));
}, 120_000);

afterAll(async () => {
  for (const cli of started) await cli.end('SIGKILL');
  await stopServer(server());
  rmSync(cwd, { recursive: true, force: true });
});

test('the example has its own server whatever the environment names; a second up joins it; Ctrl-C ends both and says how to resume', async () => {
  const up = start('up', '--example');
  await up.untilSaid('of examples/anton/plan.yaml');
  expect(up.output).toContain('by --shorten-soaks 2s');
  expect(up.output).toContain(server().address);
  expect(up.output, 'the environment leads elsewhere, so other terminals need the home').toContain(
    'status anton --home .joinpoint',
  );
  await up.untilSaid('phase 1');

  const second = await runCli(['up', '--home', '.joinpoint'], { cwd, env });
  expect(second.stdout).toMatch(/joined +the server and worker of process \d+; nothing else was started/);
  expect(second.exitCode).toBe(0);

  expect(await up.end('SIGINT')).toBe(3);
  expect(up.output).toContain('open: anton; nothing is lost');
  expect(up.output).toMatch(/resume with: .*joinpoint up --example --home \.joinpoint/);
  expect(await isRunning(server().process)).toBe(false);
});

test('a second run resumes the open rollout; after a killed terminal the next adopts the server', async () => {
  const resumed = start('up', '--example');
  await resumed.untilSaid('was open: it is resumed');
  await resumed.untilSaid('phase 1');
  await resumed.end('SIGKILL');
  const left = server();
  expect(await isRunning(left.process)).toBe(true);

  const next = start('up', '--example');
  await next.untilSaid('was open: it is resumed');
  expect(next.output).toContain('(was running: adopted)');
  expect(server().process).toEqual(left.process);
  expect(await next.end('SIGHUP')).toBe(3);
  expect(await isRunning(left.process)).toBe(false);
});

test('up uses the server that the environment names, and starts none', async () => {
  const other = mkdtempSync(join(tmpdir(), 'joinpoint-configured-'));
  const result = await runCli(['up'], { cwd: other, env });
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain('Temporal at 127.0.0.1:1: no answer');
  expect(result.stderr.trim().split('\n')).toHaveLength(1);
  rmSync(other, { recursive: true, force: true });
});

test('no Python and no download: one line names each attempt', async () => {
  const other = mkdtempSync(join(tmpdir(), 'joinpoint-nothing-'));
  // git and node are absolute or not needed; nothing else is on this PATH, and the network is a dead end.
  const result = await runCli(['up', '--example'], {
    cwd: other,
    env: { PATH: other, HOME: other, XDG_CACHE_HOME: other, HTTPS_PROXY: 'http://127.0.0.1:1' },
  });
  expect(result.exitCode).toBe(1);
  const lines = result.stderr.trim().split('\n');
  expect(lines).toHaveLength(1);
  for (const attempt of ['PATH', 'cache', 'download', 'PyPI']) expect(lines[0]).toContain(`${attempt}:`);
  rmSync(other, { recursive: true, force: true });
});
