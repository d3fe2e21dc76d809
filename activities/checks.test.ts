import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Check } from '../gates/check.js';
import type { Verdict } from '../gates/verdict.js';
import { Task } from '../plan/schema.js';
import { until } from '../test/harness/until.js';
import { endAgentsNow } from '../worker/end-agents.js';
import { ActivityRig } from '../test/harness/activities.js';
import { type ChecksRequest, createChecksActivities } from './checks.js';

let rig: ActivityRig;
/** Stands for the cluster: outside the repository, and it remembers who looked. */
let cluster: string;
let base: string;
let head: string;
beforeEach(async () => {
  rig = await ActivityRig.of({ 'broken.txt': 'x\n' }, { 'checks/fails.sh': 'exit 1\n' });
  base = rig.origin.head();
  head = rig.origin.commit({ 'new.txt': 'new\n', '.hidden/a': 'a\n' }, 'work', 'feature/1.1');
  cluster = mkdtempSync(join(tmpdir(), 'joinpoint-cluster-'));
  writeFileSync(join(cluster, 'asked'), '');
});
afterEach(() => {
  rig.remove();
  rmSync(cluster, { recursive: true, force: true });
});

const check = (run: string, more: Partial<Check> = {}): Check => ({
  id: 'c',
  title: 'Check',
  run,
  timeoutMs: 10_000,
  rule: 'noWorse',
  ...more,
});
let rounds = 0;
async function round(checks: readonly Check[], more: Partial<ChecksRequest> = {}): Promise<readonly Verdict[]> {
  const key = `round-${++rounds}`;
  const request = { rollout: rig.rollout, writer: 'task-1.1', key, commit: head, checks, at: 0, ...more };
  return (await rig.run(rig.activities.runChecks, request)).verdicts;
}
const statuses = async (...given: Parameters<typeof round>) =>
  (await round(...given)).map(({ status, note }) => [status, ...(note ? [note] : [])].join(' '));

/** Asks the cluster, which counts it, and answers with its state's exit code. */
const ask = (): string => `echo >> ${cluster}/asked; exit "$(cat ${cluster}/state)"`;
const setState = (code: number): void => writeFileSync(join(cluster, 'state'), String(code));
const timesAsked = (): number => readFileSync(join(cluster, 'asked'), 'utf8').length;

describe('a round of checks', () => {
  test('is recorded by its commit too: verdicts on one are never taken for those on another', async () => {
    const request = {
      rollout: rig.rollout,
      writer: 'task-1.1',
      key: 'same',
      checks: [check('test -f new.txt')],
      at: 0,
    };
    const at = (commit: string) => rig.run(rig.activities.runChecks, { ...request, commit });
    expect((await at(head)).verdicts).toMatchObject([{ status: 'passed' }]);
    expect((await at(base)).verdicts).toMatchObject([{ status: 'failed' }]);
  });

  test('that is made once keeps its first verdicts, wherever it is asked again', async () => {
    const once = { key: 'baseline', once: true } as const;
    expect(await statuses([check('test -f new.txt')], { ...once, commit: base })).toEqual(['failed']);
    expect(await statuses([check('test -f new.txt')], { ...once, commit: head })).toEqual(['failed']);
  });

  test('is made at the commit and where the work began', async () => {
    const checks = [
      check('test -f new.txt', { rule: 'mustPass' }),
      check('test -f broken.txt', { rule: 'mustPass' }),
      check('! test -f broken.txt'),
      check('! test -f new.txt'),
    ].map((one, at) => ({ ...one, id: `c${at}` }));
    expect(await statuses(checks, { base })).toEqual([
      'passed',
      'passed provesNothing',
      'passed brokenBefore',
      'failed',
    ]);
    expect(await statuses(checks)).toEqual(['passed', 'passed', 'failed', 'failed']);
  });

  test('compares with what a baseline showed, and does not ask the base for it', async () => {
    setState(1);
    const taken = await round([check(ask())], { commit: base });
    expect(await statuses([check(ask())], { baseline: taken })).toEqual(['passed brokenBefore']);
    setState(0);
    const fine = await round([check(ask())], { commit: base });
    setState(1);
    const asked = timesAsked();
    expect(await statuses([check(ask())], { baseline: fine })).toEqual(['failed']);
    expect(timesAsked()).toBe(asked + 1);
  });

  test('says of an absence nothing unless its positive control passes at the same commit', async () => {
    expect(await statuses([check('! test -f absent', { control: 'test -f new.txt' })])).toEqual(['passed']);
    expect(await statuses([check('! test -f absent', { control: 'test -f absent' })])).toEqual(['inconclusive']);
  });

  test('is inconclusive where a check cannot tell, cannot be run or does not end in its time', async () => {
    const checks = [
      check('exit 75'),
      check('no-such-command'),
      check('sleep 20', { timeoutMs: 300 }),
      check('kill -9 $$'),
    ];
    const named = checks.map((one, at) => ({ ...one, id: `c${at}` }));
    expect(await statuses(named)).toEqual(Array.from(checks, () => 'inconclusive'));
  });

  test('is made once for its key', async () => {
    setState(0);
    const request = { key: 'same', commit: head };
    const first = await round([check(ask())], request);
    setState(1);
    expect(await round([check(ask())], request)).toEqual(first);
    expect(timesAsked()).toBe(1);
  });
});

test('a round that is cut short goes on from the checks that took long, and makes the others again', async () => {
  const { runChecks } = createChecksActivities({ home: rig.home, env: process.env }, 500);
  const quick = `echo >> ${cluster}/quick`;
  const slow = `echo >> ${cluster}/slow; sleep 0.6`;
  const last = `[ -f ${cluster}/again ] || { echo > ${cluster}/last; exec sleep 60; }`;
  const checks = [check(quick), check(slow), check(last)].map((one, at) => ({ ...one, id: `1.1/d${at + 1}` }));
  const request = { rollout: rig.rollout, writer: 'task-1.1', key: 'long', commit: head, checks, at: 0 };
  const first = rig.run(runChecks, request);
  first.catch(() => undefined);
  await until(
    () => existsSync(join(cluster, 'last')) && rig.origin.refs('refs/joinpoint/u1/task-1.1').length > 0,
    'one is kept',
  );
  await endAgentsNow(rig.home);
  await expect(first).rejects.toThrow('was ended as a leftover');
  writeFileSync(join(cluster, 'again'), '');
  const { verdicts } = await rig.run(runChecks, request);
  expect(verdicts.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed']);
  expect(readFileSync(join(cluster, 'slow'), 'utf8')).toBe('\n');
  expect(readFileSync(join(cluster, 'quick'), 'utf8')).toBe('\n\n');
});

test('a check that was ended with its worker has shown nothing: the round is made again', async () => {
  const key = 'ended';
  const first = round([check(`echo $$ > ${cluster}/pid; exec sleep 60`)], { key });
  first.catch(() => undefined);
  await until(() => existsSync(join(cluster, 'pid')), 'the check runs');
  await endAgentsNow(rig.home);
  await expect(first).rejects.toThrow('was ended as a leftover');
  expect(() => process.kill(Number(readFileSync(join(cluster, 'pid'), 'utf8')), 0)).toThrow('ESRCH');
  expect(readdirSync(join(rig.home, 'agents'))).toEqual([]);
  expect(await statuses([check('true')], { key })).toEqual(['passed']);
});

describe("the plan's folder", () => {
  const fails = 'sh "$JOINPOINT_PLAN/checks/fails.sh"';
  const rewrites = 'echo exit 0 > "$JOINPOINT_PLAN/checks/fails.sh"';

  test('is as the plan has it for every check, whatever an agent did there', async () => {
    expect(await statuses([check(fails)])).toEqual(['failed']);
    const branch = { branch: 'feature/1.1', base };
    const agent = await rig.run(rig.activities.runAgent, {
      rollout: rig.rollout,
      phase: { id: '1', title: 'Phase 1' },
      task: Task.parse({ id: '1.1', title: 'Task', agent: 'A', branch: branch.branch, files: ['**'] }),
      agentName: 'A',
      agent: {
        kind: 'command',
        run: `echo "$JOINPOINT_PLAN" > ${cluster}/where; ${rewrites} && ${fails}`,
        concurrency: 1,
        timeout: '1m',
        env: [],
      },
      generation: 1,
      attempt: 1,
      branch,
      head,
      feedback: [],
      at: 0,
    });
    expect(agent).toMatchObject({ status: 'finished', why: '' });
    expect(existsSync(readFileSync(join(cluster, 'where'), 'utf8').trim())).toBe(false);
    expect(await statuses([check(fails)])).toEqual(['failed']);
  });

  test('is as the plan has it for every check, whatever another check of the same round did there', async () => {
    const checks = [rewrites, fails, rewrites, fails].map((run, at) => check(run, { id: `c${at}` }));
    expect(await statuses(checks)).toEqual(['passed', 'failed', 'passed', 'failed']);
  });

  test.each<[string, string]>([
    ['a file more', 'touch "$JOINPOINT_PLAN/more"'],
    ['a folder more', 'mkdir "$JOINPOINT_PLAN/more"'],
    ['a file less', 'rm "$JOINPOINT_PLAN/plan.yaml"'],
    ['a link', 'cd "$JOINPOINT_PLAN" && mv plan.yaml ../kept && ln -s ../kept plan.yaml'],
    ['nothing', 'rm -r "$JOINPOINT_PLAN"'],
  ])('that a check left with %s is not used again', async (_, run) => {
    const look = `find "$JOINPOINT_PLAN" -printf '%y %P\\n' | sort > ${cluster}/found`;
    await round([check(look)]);
    const found = readFileSync(join(cluster, 'found'), 'utf8');
    expect(found).toContain('f checks/fails.sh');
    await round([check(run)]);
    await round([check(look)]);
    expect(readFileSync(join(cluster, 'found'), 'utf8')).toBe(found);
  });
});

describe('the files of a task', () => {
  test.each([
    ['inside, hidden ones too', ['new.txt', '**/a'], 'passed'],
    ['outside', ['new.txt'], 'failed'],
  ])('that are %s', async (_, files, status) => {
    expect(await round([], { base, files })).toMatchObject([{ id: 'files', status }]);
  });

  test('count only where there is a beginning', async () => {
    expect(await round([], { files: ['nothing'] })).toEqual([]);
  });
});

describe('what a commit showed before', () => {
  test('is taken again for a base, and never for what is to be judged', async () => {
    setState(0);
    await round([check(ask())], { base });
    await round([check(ask())], { base });
    expect(timesAsked()).toBe(3);
    setState(1);
    expect(await statuses([check(ask())], { commit: base })).toEqual(['failed']);
  });

  test('is asked again for a base that could not be looked at', async () => {
    setState(75);
    await round([check(ask())], { base });
    setState(1);
    expect(await statuses([check(ask())], { base })).toEqual(['passed brokenBefore']);
  });
});
