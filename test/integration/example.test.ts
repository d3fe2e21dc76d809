/** The README's first command, as somebody runs it who has just cloned this: the whole Anton plan, and what it proves. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChecksResult } from '../../activities/checks.js';
import { createActivities } from '../../activities/index.js';
import { type PlanFile, readPlanFile } from '../../client/plan-file.js';
import type { Verdict } from '../../gates/verdict.js';
import { openMirror } from '../../git/mirror.js';
import { publishPlan } from '../../git/plan-store.js';
import { proofsOf } from '../../plan/proofs.js';
import { defaultSettings } from '../../plan/rollout.js';
import { ensureBuilt, RunningCli } from '../harness/cli.js';
import { type Landed, landingsOnMain, strays } from '../harness/landings.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const atMostMs = 120_000;
const at = 1_700_000_000_000;

let cwd: string;
let clone: string;
let file: PlanFile;
let cli: RunningCli;
let code: number | null;
let tookMs: number;
let landings: readonly Landed[];

const git = (...args: string[]): string => execFileSync('git', args, { cwd: clone, encoding: 'utf8' });

/** What `npm start -- --yes` runs. */
function firstCommand(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } };
  const [node, bin, ...words] = scripts.start.split(' ');
  expect([node, bin]).toEqual(['node', 'bin/joinpoint.js']);
  return [...words, '--yes'];
}

beforeAll(async () => {
  await ensureBuilt();
  file = await readPlanFile(join(root, 'examples', 'anton', 'plan.yaml'));
  cwd = mkdtempSync(join(tmpdir(), 'joinpoint-example-'));
  clone = join(cwd, '.joinpoint', 'example', '1.git');
  const startedAt = Date.now();
  cli = new RunningCli(firstCommand(), { cwd });
  code = await cli.ended;
  tookMs = Date.now() - startedAt;
  landings = code === 0 ? landingsOnMain(git) : [];
}, 420_000);

afterAll(async () => {
  await cli?.end('SIGTERM');
  rmSync(cwd, { recursive: true, force: true });
});

test('the plan has all of the Markdown: 6 phases and the month after them, 13 tasks, 54 deliverables, 22 criteria, two numbered join points', () => {
  const { phases } = file.plan;
  expect(phases.map(({ id, onFailure, tasks }) => [id, onFailure, tasks.map((task) => task.id)])).toEqual([
    ['1', 'rollback', ['1.1', '1.2', '1.3', '1.4']],
    ['3', 'rollback', ['3.1', '3.2']],
    ['4', 'rollback', ['4.1', '4.2']],
    ['6', 'rollback', ['6.1', '6.2']],
    ['7', 'rollback', ['7.1', '7.2']],
    ['8', 'rollback', ['8.1']],
    ['stability', 'hold', []],
  ]);
  const tasks = phases.flatMap((phase) => phase.tasks);
  expect(tasks).toHaveLength(13);
  expect(tasks.flatMap(({ deliverables }) => deliverables)).toHaveLength(54);
  expect(phases.flatMap(({ criteria }) => criteria)).toHaveLength(22);
  expect(phases.flatMap(({ id, joinPoint: { number } }) => (number ? [[number, id]] : []))).toEqual([
    ['2', '1'],
    ['5', '4'],
  ]);
});

test('the first command of the README ends well within two minutes', () => {
  const [block] = /```sh\n[\s\S]*?```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))!;
  expect(block).toContain('npm start -- --yes');
  expect(code, `it said:\n${cli.output}`).toBe(0);
  expect(tookMs, `it took ${tookMs} ms`).toBeLessThan(atMostMs);
});

test('it says by which option the waits are shorter than the plan has them', () => {
  expect(cli.output).toMatch(/soaks +shortened to 1s by --shorten-soaks 1s; the plan's own take days/);
});

test('at its end it prints the tree and the landed commits of all 13 tasks', () => {
  const { phases } = file.plan;
  const [, end] = cli.output.split('\nanton  Anton Homelab Enhancement  done\n');
  const [tree, after] = end!.split(/\nLanded on \.joinpoint\/example\/1\.git#main\n/);
  const [landed, further] = after!.split('\n\nLook further\n');
  for (const { id, title, tasks } of phases) {
    expect(tree).toMatch(new RegExp(`^✓ ${id} +${title} `, 'm'));
    for (const task of tasks)
      expect(tree).toMatch(new RegExp(`✓ ${task.id} +${task.agent} +${task.title} +landed$`, 'm'));
  }
  for (const label of ['Join Point 1 (2)', 'Join Point 2 (5)']) expect(tree).toContain(`◆ ${label}  ⚑ joinpoint/`);
  const [, ...commits] = git('log', '--reverse', '--format=  %h %s', 'main').trimEnd().split('\n');
  expect(landed!.split('\n')).toEqual(commits);
  const shown = [...further!.matchAll(/git -C \.joinpoint\/example\/1\.git (.*)/g)].map(([, words]) =>
    git(...words!.split(' ')),
  );
  expect(shown).toHaveLength(3);
  expect(JSON.parse(shown[2]!)).toMatchObject({ outcome: 'done' });
  expect(new Set(landings.map(({ task }) => task))).toEqual(
    new Set(phases.flatMap(({ tasks }) => tasks.map(({ id }) => id))),
  );
});

test('main of the clone is one line, and every landing is inside the files of its task', () => {
  expect(git('rev-list', '--min-parents=2', 'main')).toBe('');
  expect(strays(landings, file.plan)).toEqual([]);
});

/** What the command of each deliverable says of a commit of the clone, run as a worker runs it. */
async function proofsAt(commit: string): Promise<readonly Verdict[]> {
  const { plan, files } = file;
  const home = join(cwd, 'desk');
  const rollout = {
    name: plan.name,
    uid: 'proofs',
    title: plan.title,
    repo: clone,
    branch: 'main',
    repoId: 'proofs',
    start: commit,
    planCommit: await publishPlan(await openMirror(home, clone), 'proofs', files, at),
    settings: defaultSettings,
  };
  const checks = plan.phases.flatMap(({ tasks }) =>
    tasks.flatMap(({ id, deliverables }) => proofsOf(deliverables, `${id}/d`).checks),
  );
  const { runChecks } = createActivities({ home, env: process.env });
  const request = { rollout, writer: 'proofs', key: commit, commit, checks, at };
  const { verdicts }: ChecksResult = await new MockActivityEnvironment().run(runChecks, request);
  return verdicts;
}

test('at least 40 of the 54 deliverables have a command that fails where the plan begins and passes where it ends', async () => {
  const atBase = await proofsAt(git('rev-list', '--max-parents=0', 'main').trim());
  const atEnd = await proofsAt(git('rev-parse', 'main').trim());
  const failed = new Set(atBase.filter(({ status }) => status === 'failed').map(({ id }) => id));
  const passed = atEnd.filter(({ status }) => status === 'passed');
  const proven = passed.filter(({ id }) => failed.has(id));
  const others = atEnd.filter((verdict) => !proven.includes(verdict)).map(({ id, why }) => `${id}: ${why}`);
  const counts = `${atEnd.length} have a command, ${failed.size} fail at the base, ${passed.length} pass at the end, ${proven.length} do both`;
  expect(proven.length, `${counts}; not ${others.join(', ')}`).toBeGreaterThanOrEqual(40);
});
