import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stopServer } from '../../worker/embedded/server.js';
import { ServerRecord } from '../../worker/embedded/server-record.js';
import { rolloutId } from '../../workflows/ids.js';
import { type CliResult, ensureBuilt, RunningCli, runCli } from '../harness/cli.js';
import { Origin } from '../harness/origin.js';
import { startTestServer } from '../harness/server.js';

const plan = `name: small
title: A small plan
agents:
  A: { kind: command, run: 'cat gate 2>/dev/null; echo done > "$JOINPOINT_TASK.txt"' }
defaults: { approval: { approvers: [owner] } }
phases:
  - id: "1"
    title: Only phase
    weeks: [1]
    tasks:
      - { id: "1.1", title: Write a file, agent: A, branch: feature/1.1, files: ["*.txt"], deliverables: [{ title: the file is there, run: test -f 1.1.txt }] }
`;

let cwd: string;
let origin: Origin;
let up: RunningCli;

const cli = (...args: string[]): Promise<CliResult> => runCli(args, { cwd });
const oneLine = ({ stderr }: CliResult): string => {
  expect(stderr.trim().split('\n')).toHaveLength(1);
  return stderr.trim();
};

async function untilWaiting(): Promise<CliResult> {
  for (let look = 0; look < 60; look++) {
    const status = await cli('status');
    if (status.exitCode === 3) return status;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`nothing waits: ${(await cli('status')).stdout}`);
}

beforeAll(async () => {
  await ensureBuilt();
  cwd = mkdtempSync(join(tmpdir(), 'joinpoint-cli-'));
  writeFileSync(join(cwd, 'plan.yaml'), plan);
  origin = Origin.create({ 'README.md': 'start\n' });
  up = new RunningCli(['up'], { cwd });
  await up.untilSaid('start a rollout');
}, 120_000);

afterAll(async () => {
  await up.end('SIGKILL');
  await stopServer(ServerRecord.parse(JSON.parse(readFileSync(join(cwd, '.joinpoint', 'server.json'), 'utf8'))));
  rmSync(cwd, { recursive: true, force: true });
  origin.remove();
});

test('approve where nothing is open says so', async () => {
  const result = await cli('approve');
  expect(result.exitCode).toBe(2);
  expect(oneLine(result)).toContain('rollouts: none is open');
});

test('a plan with faults is refused with a line for each, and nothing is started', async () => {
  writeFileSync(join(cwd, 'faulty.yaml'), plan.replace('agent: A,', 'agent: Z, colour: red,'));
  const linted = await cli('plan', 'lint', 'faulty.yaml');
  expect(linted.exitCode).toBe(1);
  expect(linted.stdout).toMatch(
    /^faulty\.yaml:\d+:\d+: phases\.0\.tasks\.0: has unknown key colour; remove or correct it$/m,
  );
  const result = await cli('start', '--plan', 'faulty.yaml', '--repo', origin.url);
  expect(result.exitCode).toBe(2);
  expect(origin.refs('refs/joinpoint')).toEqual([]);
});

test('a rollout is started, answered and landed from the command line', async () => {
  const started = await cli('start', '--plan', 'plan.yaml', '--repo', origin.url, '--shorten-soaks', '1s');
  expect(started.stderr).toBe('');
  expect(started.exitCode).toBe(0);

  const again = await cli('start', '--plan', 'plan.yaml', '--repo', origin.url);
  expect(again.exitCode).toBe(2);
  expect(oneLine(again)).toContain('rollout small: is open already');

  const status = await untilWaiting();
  expect(status.stdout).toContain('? join point of phase 1 asks to approve, for owner');
  expect(status.stdout).toMatch(/\$ node .*joinpoint.js approve "join point of phase 1" --as owner/);

  const stranger = await cli('approve', '--as', 'stranger');
  expect(stranger.exitCode).toBe(2);
  expect(oneLine(stranger)).toContain('stranger is not on the list of who may approve; ask owner');

  const mute = await cli('reject', 'join 1', '--as', 'owner');
  expect(mute.exitCode).toBe(2);
  expect(oneLine(mute)).toContain('a reject needs feedback');

  const misplaced = await cli('retry');
  expect(misplaced.exitCode).toBe(2);
  expect(oneLine(misplaced)).toContain('nothing waits for it; what waits is "join point of phase 1" (approve, reject)');
  expect(origin.landed(), 'nothing that was refused changed anything').toEqual([]);

  const approved = await cli('approve', 'join', '--as', 'owner', '-m', 'fine');
  expect(approved.stdout).toContain('join point of phase 1: approve taken');
  const watched = await cli('watch', 'small');
  expect(watched.exitCode).toBe(0);
  const ended = await cli('status', '--json');
  expect(ended.exitCode).toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({ rollout: { name: 'small', status: 'done' }, waiting: [] });
  expect(origin.landed()).toEqual(['1.1: Write a file [all]']);

  const late = await cli('rollback', '--to', '1', '-m', 'sorry');
  expect(late.exitCode).toBe(2);
  expect(oneLine(late)).toMatch(
    /^rollout small: has ended \(completed\) .*; what it landed stands: take it back with git revert/,
  );
  const unknown = await cli('status', '--rollout', 'nope');
  expect(unknown.exitCode).toBe(2);
  expect(oneLine(unknown)).toMatch(/^rollout nope: there is none on .*; there are small$/);
});

test('where no worker polls, status and approve say so within five seconds', async () => {
  const server = await startTestServer();
  try {
    const at = ['--address', server.address];
    const started = await cli('start', '--plan', 'plan.yaml', '--repo', origin.url, ...at);
    expect(started.stderr).toContain('no worker serves it yet');
    const status = await cli('status', ...at);
    expect(status).toMatchObject({ exitCode: 1 });
    expect(oneLine(status)).toMatch(
      /rollout small: no worker serves the engine; start one with: node .*joinpoint.js worker --address/,
    );
    expect(status.tookMs).toBeLessThan(5_000);
    const approve = await cli('approve', ...at);
    expect(approve).toMatchObject({ exitCode: 1 });
    expect(oneLine(approve)).toContain('no worker serves the engine');
    expect(approve.tookMs).toBeLessThan(5_000);
  } finally {
    await server.stop();
  }
});

test('a rollout that Temporal ended is not running: status and watch say so, and fail', async () => {
  const server = await startTestServer();
  try {
    const at = ['--address', server.address];
    await cli('start', '--plan', 'plan.yaml', '--repo', origin.url, ...at);
    const watching = cli('watch', 'small', ...at);
    await server.client.workflow.getHandle(rolloutId('small')).terminate('by hand');
    for (const result of [await cli('status', 'small', ...at), await watching, await cli('watch', 'small', ...at)]) {
      expect(result.exitCode).toBe(1);
      expect(oneLine(result)).toMatch(/rollout small: Temporal says TERMINATED: it will not go on/);
    }
  } finally {
    await server.stop();
  }
});

test('a server that was lost is one clear line', async () => {
  const result = await cli('status', '--address', '127.0.0.1:1');
  expect(result.exitCode).toBe(1);
  expect(oneLine(result)).toMatch(/^Temporal at 127\.0\.0\.1:1: no answer within \d s/);
});

test('a worker that was killed is said to be silent, with when it was last seen', async () => {
  const second = Origin.create({ 'README.md': 'start\n' });
  await cli('start', '--plan', 'plan.yaml', '--repo', second.url, '--name', 'silent');
  await untilWaiting();
  await up.end('SIGKILL');
  const status = await cli('status', 'silent', '--home', '.joinpoint');
  expect(status.exitCode).toBe(1);
  expect(oneLine(status)).toMatch(
    /rollout silent: no worker answers \(last seen .* ago\); start one with: node \S+ up/,
  );
  expect(status.tookMs).toBeLessThan(5_000);
  second.remove();
});
