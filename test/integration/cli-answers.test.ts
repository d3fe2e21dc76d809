import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findTemporalCli } from '../../worker/embedded/find-binary.js';
import { ServerRecord } from '../../worker/embedded/server-record.js';
import { type CliResult, ensureBuilt, RunningCli, runCli } from '../harness/cli.js';
import { Origin } from '../harness/origin.js';

const plan = (folder: string) => `name: answers
title: A plan that asks
agents:
  A: { kind: command, run: 'test -f ${folder}/allowed || { echo "not allowed yet" >&2; exit 1; }; echo done > "$JOINPOINT_TASK.txt"' }
defaults: { approval: { approvers: [ann, bob], need: 2 }, attempts: 1 }
phases:
  - id: "1"
    title: First phase
    weeks: [1]
    tasks:
      - { id: "1.1", title: Write a file, agent: A, branch: feature/1.1, files: ["*.txt"], deliverables: [{ title: the file is there, run: test -f 1.1.txt }] }
  - id: "2"
    title: Second phase
    weeks: [2]
    joinPoint: { steps: [{ title: Look at the cluster, person: a screenshot }, { title: Tell the others, person: a link }] }
    tasks: []
`;

let cwd: string;
let origin: Origin;
let up: RunningCli;

const cli = (...args: string[]): Promise<CliResult> => runCli(args, { cwd });
const server = (): ServerRecord =>
  ServerRecord.parse(JSON.parse(readFileSync(join(cwd, '.joinpoint', 'server.json'), 'utf8')));

/** Looks until `status` says it; each look takes about a second. */
async function untilStatus(says: string): Promise<CliResult> {
  for (let look = 1; ; look++) {
    const status = await cli('status');
    if (status.stdout.includes(says)) return status;
    if (look === 40) throw new Error(`status never said "${says}", but: ${status.stdout}${status.stderr}`);
  }
}

/** Sends the signal that a person without joinpoint would send, with the program that Temporal ships. */
async function signal(workflowId: string, name: string, input?: object): Promise<void> {
  const { path } = await findTemporalCli({ home: join(cwd, '.joinpoint') });
  const { address } = server();
  const words = ['--address', address, '--workflow-id', workflowId, '--name', name];
  await execa(path, ['workflow', 'signal', ...words, ...(input ? ['--input', JSON.stringify(input)] : [])]);
}

async function refuses(words: readonly string[], message: string): Promise<void> {
  const { exitCode, stderr } = await cli(...words);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(message) });
  expect(stderr.trim().split('\n'), 'one line').toHaveLength(1);
}

beforeAll(async () => {
  await ensureBuilt();
  cwd = mkdtempSync(join(tmpdir(), 'joinpoint-answers-'));
  writeFileSync(join(cwd, 'plan.yaml'), plan(cwd));
  origin = Origin.create({ 'README.md': 'start\n' });
  up = new RunningCli(['up'], { cwd });
  await up.untilSaid('start a rollout');
  await cli('start', '--plan', 'plan.yaml', '--repo', origin.url);
}, 120_000);

afterAll(async () => {
  await up.end('SIGTERM');
  rmSync(cwd, { recursive: true, force: true });
  origin.remove();
});

test('what holds is skipped only with a reason, is not let through with nothing there, and goes on with retry', async () => {
  const held = await untilStatus('? task 1.1 holds');
  expect(held.exitCode).toBe(3);
  expect(held.stdout).toContain('the last: the agent exited with code 1');
  await refuses(['skip', 'task 1.1'], 'skip needs a reason; give it with -m TEXT');
  await refuses(['override', 'task 1.1', '-m', 'x'], 'does not wait for override; it takes retry, done, skip');
  await refuses(['approve'], 'nothing waits for it; what waits is "task 1.1"');
  await refuses(['retry', '--task', '1.1'], 'has no task 1.1 to re-open; name none');
  await refuses(['retry', '--question', 'hold-9'], 'hold-9: nothing of that name waits for an answer');
  const { waiting } = JSON.parse((await cli('status', '--json')).stdout) as { waiting: [{ id: string }] };
  writeFileSync(join(cwd, 'allowed'), '');
  expect((await cli('retry', '--question', waiting[0].id)).stdout).toContain('task 1.1: retry taken');
});

test('a paused rollout says so, and how to go on', async () => {
  await signal('rollout/answers', 'pause');
  expect(await cli('pause', '--as', 'ann')).toMatchObject({ exitCode: 0 });
  await refuses(['pause'], 'is paused already; resume it with node ');
  const paused = await cli('status');
  expect(paused.stdout).toMatch(/paused; go on with: node .* resume/);
  expect(await cli('resume', '--as', 'ann')).toMatchObject({ exitCode: 0 });
  await refuses(['resume'], 'is not paused');
});

test("a join point is approved with the real Temporal CLI's workflow signal, or as the commit that was looked at", async () => {
  await untilStatus('asks to approve, for 2 of ann, bob');
  const joinPoint = 'rollout/answers/join/1';
  await signal(joinPoint, 'approve', { by: 'eve' });
  await signal(joinPoint, 'approve', { by: 'ann', comment: 'seen in the UI' });
  const half = await untilStatus('asks to approve, for ann or bob');
  expect(half.stdout).toMatch(/\$ git -C \S+ log -p --reverse main\.\.[0-9a-f]{12}/);
  expect(origin.landed()).toEqual([]);
  const [, commit] = /approve "join point of phase 1" --as ann --commit ([0-9a-f]{12})/.exec(half.stdout)!;
  expect(half.stdout).toMatch(new RegExp(`reject .* --as ann --commit ${commit} -m`));
  await signal(joinPoint, 'approve', { by: 'bob', commit: '0123456789ab' });
  const changed = `is about ${commit} now, and 0123456789ab was looked at: it has changed; look again with node `;
  await refuses(['approve', '--as', 'bob', '--commit', '0123456789ab'], changed);
  expect(origin.landed()).toEqual([]);
  expect(await cli('approve', '--as', 'bob', '--commit', commit!)).toMatchObject({ exitCode: 0 });
  await untilStatus('? join point of phase 2 asks to confirm');
  expect(origin.landed()).toEqual(['1.1: Write a file [all]']);
});

test('items are ticked one by one, with evidence, and what was ticked is not asked again', async () => {
  await refuses(['done'], 'a tick needs evidence; give it with --evidence TEXT');
  await refuses(['done', '--item', '9/9', '--evidence', 'x'], 'has no open item 9/9');
  expect(await cli('done', '--item', '2/s1', '--evidence', 'seen')).toMatchObject({ exitCode: 0 });
  const left = await cli('status');
  expect(left.stdout).not.toContain('2/s1');
  expect(left.stdout).toContain('2/s2');
});

test('a rollback to a checkpoint needs one that exists and a reason, and undoes what came after', async () => {
  await refuses(['rollback', '--to', '9', '-m', 'x'], 'has no checkpoint 9; roll back to one of start, 1');
  await refuses(['rollback', '--to', 'start'], 'a rollback needs a reason; give it with -m TEXT');
  expect(await cli('rollback', '--to', 'start', '-m', 'try it')).toMatchObject({ exitCode: 0 });
  const held = await untilStatus('rolled back to');
  expect(held.stdout).toContain('holds, for anybody');
  expect(origin.tree()).toBe(origin.tree('main~2'));
});

test('an aborted rollout ends with 1, and shows no question that nobody can answer any more', async () => {
  expect(await cli('abort', '-m', 'enough')).toMatchObject({ exitCode: 0 });
  const ended = await untilStatus('answers  A plan that asks  aborted');
  expect(ended.exitCode).toBe(1);
  expect(ended.stdout).not.toContain('?');
  await refuses(['approve', '--rollout', 'answers'], 'has ended');
});
