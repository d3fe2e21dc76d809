import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultPorts } from '../../worker/embedded/ports.js';
import { isRunning } from '../../activities/process/process-identity.js';
import { stopServer } from '../../worker/embedded/server.js';
import { ServerRecord } from '../../worker/embedded/server-record.js';
import { type CliResult, ensureBuilt, RunningCli, runCli } from '../harness/cli.js';

const started: RunningCli[] = [];
const blockers: Server[] = [];
let cwd: string;
/** Somebody's settings for another server: the example must not touch it. */
let env: Record<string, string>;

function start(args: readonly string[], terminal = false): RunningCli {
  const cli = new RunningCli(args, { cwd, env, terminal });
  started.push(cli);
  return cli;
}

const inHome = (...args: string[]): Promise<CliResult> => runCli([...args, '--home', '.joinpoint'], { cwd, env });
const server = (): ServerRecord =>
  ServerRecord.parse(JSON.parse(readFileSync(join(cwd, '.joinpoint', 'server.json'), 'utf8')));

/** Holds a port, unless somebody on this machine does already. */
function block(port: number): Promise<void> {
  return new Promise((resolve) => {
    const blocker = createServer();
    blocker.once('error', () => resolve());
    blocker.listen(port, '127.0.0.1', () => {
      blockers.push(blocker);
      resolve();
    });
  });
}

beforeAll(async () => {
  await ensureBuilt();
  cwd = mkdtempSync(join(tmpdir(), 'joinpoint-first-use-'));
  const profile = join(cwd, 'temporal.toml');
  writeFileSync(profile, '[profile.default]\naddress = "127.0.0.1:2"\nnamespace = "of-the-profile"\n');
  env = { TEMPORAL_ADDRESS: '127.0.0.1:1', TEMPORAL_NAMESPACE: 'elsewhere', TEMPORAL_CONFIG_FILE: profile };
  await block(defaultPorts.grpcPort);
  await block(defaultPorts.uiPort);
}, 120_000);

afterAll(async () => {
  for (const cli of started) await cli.end('SIGKILL');
  for (const blocker of blockers) blocker.close();
  await stopServer(server());
  rmSync(cwd, { recursive: true, force: true });
});

test('the example has its own server whatever environment and profile name, on free ports; of two at once one joins; Ctrl-C ends worker, then server, and says how to resume', async () => {
  const both = [start(['up', '--example']), start(['up', '--example'])];
  for (const cli of both) await cli.untilSaid('● phase 1');
  const [joined, ...others] = both.filter(({ output }) => output.includes('joined'));
  expect(others, 'only one starts a server').toEqual([]);
  const up = both.find((one) => one !== joined)!;
  const { address, grpcPort, uiPort, process } = server();
  expect(`${up.output}${joined!.output}`, 'whoever started the rollout says it').toContain('by --shorten-soaks 1s');
  expect(`${up.output}${joined!.output}`).toContain('anton was open: it is resumed');
  for (const { output } of both) expect(output).toContain(address);
  expect([grpcPort, uiPort]).not.toContain(defaultPorts.grpcPort);
  expect([grpcPort, uiPort]).not.toContain(defaultPorts.uiPort);
  expect(up.output, 'the environment leads elsewhere, so other terminals need the home').toContain(
    'status anton --home .joinpoint',
  );

  expect(await joined!.end('SIGINT')).toBe(3);
  expect(joined!.output).toContain('stops watching; server and worker go on');
  expect(await isRunning(process)).toBe(true);
  expect(await up.end('SIGINT')).toBe(3);
  expect(up.output).toContain('stops: first the worker, then the server');
  expect(up.output).toContain('open: anton; nothing is lost');
  expect(up.output).toMatch(/resume with: .*joinpoint\.js up --example --home \.joinpoint/);
  expect(await isRunning(process)).toBe(false);
});

test('a second run resumes the open rollout; after a killed terminal the next adopts the server', async () => {
  const resumed = start(['up', '--example']);
  await resumed.untilSaid('was open: it is resumed');
  await resumed.untilSaid('phase 1');
  await resumed.end('SIGKILL');
  const left = server();
  expect(await isRunning(left.process)).toBe(true);

  const next = start(['up', '--example']);
  await next.untilSaid('was open: it is resumed');
  expect(next.output).toContain('(was running: adopted)');
  expect(server().process).toEqual(left.process);
  expect(await next.end('SIGHUP')).toBe(3);
  expect(await isRunning(left.process)).toBe(false);
});

test('in a terminal it asks at a join point, takes feedback, asks again, and Ctrl-C in the prompt ends it in order', async () => {
  const up = start(['up', '--example'], true);
  await up.answer('approve as owner? ', 'n');
  await up.answer('what is wrong? ', 'The page on SLOs names no owner');
  await up.answer('send back which tasks (1.1, 1.2, 1.3, 1.4; Enter for none)? ', '1.4');
  await up.untilSaid('reject taken, as owner');
  await up.answer('retry, done, override, skip or later? ', 'override');
  await up.answer('why? ', 'the page can wait');
  await up.untilSaid('approve as owner? ');
  up.type('\u0003');
  expect(await up.ended).toBe(3);
  expect(up.output).toContain('resume with: ');
  expect(await isRunning(server().process)).toBe(false);
});

test('when the open rollout has ended the next run starts on a fresh clone', async () => {
  const origins = (): readonly string[] =>
    readdirSync(join(cwd, '.joinpoint', 'example')).filter((name) => name.endsWith('.git'));
  const before = origins();
  expect(before, 'of two terminals at once one made the origin').toHaveLength(1);
  const up = start(['up', '--home', '.joinpoint']);
  await up.untilSaid('start a rollout');
  expect(await inHome('abort', '-m', 'enough')).toMatchObject({ exitCode: 0 });
  expect(await inHome('watch', 'anton')).toMatchObject({ exitCode: 1 });
  const next = start(['up', '--example']);
  await next.untilSaid('of examples/anton/plan.yaml, on a fresh clone of examples/homelab');
  const fresh = origins().filter((name) => !before.includes(name));
  expect(fresh).toHaveLength(1);
  expect(next.output).toContain(`.joinpoint/example/${fresh[0]}`);
  await next.end('SIGINT');
  await up.end('SIGINT');
});

test('up uses the server that the environment names, and starts none', async () => {
  const other = join(cwd, 'configured');
  mkdirSync(other);
  const result = await runCli(['up'], { cwd: other, env });
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain('Temporal at 127.0.0.1:1: no answer');
  expect(result.stderr.trim().split('\n')).toHaveLength(1);
});

test('no Python and no download: one line names each attempt', async () => {
  const other = join(cwd, 'nothing');
  mkdirSync(other);
  // git and node are absolute or not needed; nothing else is on this PATH, and the network is a dead end.
  const result = await runCli(['up', '--example'], {
    cwd: other,
    env: { PATH: other, HOME: other, XDG_CACHE_HOME: other, HTTPS_PROXY: 'http://127.0.0.1:1' },
  });
  expect(result.exitCode).toBe(1);
  const lines = result.stderr.trim().split('\n');
  expect(lines).toHaveLength(1);
  for (const attempt of ['PATH', 'cache', 'download', 'PyPI']) expect(lines[0]).toContain(`${attempt}:`);
});
