/** Workers on machines of their own: one dies and another takes over; a leftover and a late twin do no harm. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createActivities, createLaneActivities } from '../../activities/index.js';
import { Serving } from '../../client/serve/serving.js';
import { spawnWarm } from '../chaos/spawn-worker.js';
import type { ServeOrder } from '../chaos/worker-process.js';
import { Origin } from '../harness/origin.js';
import { aPlan } from '../harness/plans.js';
import { Rig } from '../harness/rig.js';
import { until } from '../harness/until.js';

let rig: Rig;
let origin: Origin;
/** What agents see of the test: they say here that they began, and wait here for a word. */
let desk: string;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  rig = await Rig.start({ agents: [] });
});
afterAll(async () => {
  await rig?.stop();
});
beforeEach(() => {
  origin = Origin.create({ 'README.md': 'start\n' });
  desk = mkdtempSync(join(tmpdir(), 'joinpoint-desk-'));
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await kill(worker);
  origin.remove();
  rmSync(desk, { recursive: true, force: true, maxRetries: 5 });
});

const says = (file: string): readonly string[] =>
  existsSync(join(desk, file)) ? readFileSync(join(desk, file), 'utf8').split('\n').filter(Boolean) : [];

const allow = (file: string): void => writeFileSync(join(desk, file), '');

/** A worker of both lanes with a home of its own, in a process of its own. */
function serve(name: string): ChildProcess {
  const worker = spawnWarm();
  const home = join(desk, name);
  mkdirSync(home, { recursive: true });
  worker.send({
    address: rig.server.address,
    home,
    points: [],
    journal: join(desk, 'journal'),
    serverPidFile: '',
    engine: false,
    agents: ['A', 'B'],
  } satisfies ServeOrder);
  workers.push(worker);
  return worker;
}

async function kill(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = new Promise((resolve) => worker.once('exit', resolve));
  worker.kill('SIGKILL');
  await gone;
}

/** Agents that say where they run and stay alive until they are told to finish; each beat names its process. */
function waitingPlan() {
  const script = (task: string): string =>
    `echo "$PWD" >> ${desk}/began-${task}; while [ ! -f ${desk}/go ]; do echo $$ >> ${desk}/alive-${task}; sleep 0.1; done; echo ${task} > ${task}.txt`;
  return aPlan()
    .script('1.1', script('1.1'))
    .script('1.2', script('1.2'))
    .phase('1', (phase) => phase.task('1.1').task('1.2', { agent: 'B' }))
    .build();
}

test('agents A and B work at once on two machines; one dies mid-task and the other takes over', async () => {
  const machines = new Map([
    ['machine-1', serve('machine-1')],
    ['machine-2', serve('machine-2')],
  ]);
  const handle = await rig.start(waitingPlan(), origin, { name: 'two-machines', settings: { heartbeatMs: 2_000 } });
  await until(() => says('began-1.1').length > 0 && says('began-1.2').length > 0, 'both agents began');
  const first = machineOf(says('began-1.1')[0]!);
  await kill(machines.get(first)!);
  await until(() => says('began-1.1').length > 1, 'the other machine took 1.1 over');
  expect(machineOf(says('began-1.1')[1]!)).not.toBe(first);
  allow('go');
  expect((await rig.operate(handle)).outcome).toBe('done');
  expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]', '1.2: Task 1.2 [all]']);
  expect(pushesOf('refs/heads/feature/1.1')).toBe(2);
  expect(pushesOf('refs/heads/feature/1.2')).toBe(2);
});

test('a lane that is added under a working agent leaves it alone, and its rollout goes on as if nothing was', async () => {
  const { address } = rig.server;
  const resolved = { address, namespace: 'default', connectionOptions: { address }, source: 'default' } as const;
  const serving = await Serving.connect({ resolved, home: join(desk, 'one'), env: process.env });
  try {
    await serving.serve({ engine: false, agents: ['A'] });
    const handle = await rig.start(waitingPlan(), origin, { name: 'first' });
    await until(() => says('alive-1.1').length > 0, 'the agent works');
    expect(await serving.serve({ engine: false, agents: ['A', 'B'] })).toEqual(['B']);
    await until(() => says('alive-1.2').length > 0, 'the added lane works');
    allow('go');
    expect((await rig.operate(handle)).outcome).toBe('done');
    expect(says('began-1.1'), 'it was not tried again').toHaveLength(1);
  } finally {
    await serving.stop();
  }
});

test('an agent left behind by a killed worker is ended by the next worker of its home before the task is tried again', async () => {
  const first = serve('machine');
  const handle = await rig.start(waitingPlan(), origin, { name: 'left-behind', settings: { heartbeatMs: 2_000 } });
  await until(() => says('alive-1.1').length > 3, 'the agent works');
  await kill(first);
  const left = says('alive-1.1')[0]!;
  expect(isAlive(Number(left))).toBe(true);
  serve('machine');
  const beatsOfTheNext = (): readonly string[] => {
    const beats = says('alive-1.1');
    const next = beats.findIndex((pid) => pid !== left);
    return next < 0 ? [] : beats.slice(next);
  };
  await until(() => beatsOfTheNext().length > 10, 'the task was tried again');
  expect(beatsOfTheNext()).not.toContain(left);
  allow('go');
  expect((await rig.operate(handle)).outcome).toBe('done');
  expect(pushesOf('refs/heads/feature/1.1')).toBe(2);
});

test('a late twin of a lost attempt finds its push refused and takes the result that is recorded', async () => {
  const env = { ...process.env };
  const at = Date.now();
  const plan = aPlan()
    .phase('1', (phase) => phase.task('1.1'))
    .build();
  const [task] = plan.phases[0]!.tasks;
  const engine = createActivities({ home: join(desk, 'engine'), env });
  const run = <A, R>(activity: (request: A) => Promise<R>, request: A): Promise<R> =>
    new MockActivityEnvironment().run(activity, request);
  const started = await rig.start(plan, origin, { name: 'twins' });
  const { rollout } = await rig.view(started);
  await started.terminate();
  const opened = await run(engine.openTarget, { repo: origin.url, branch: 'main', mintId: 'id', at });
  const ref = {
    name: rollout.name,
    uid: rollout.uid,
    title: 'twins',
    repo: origin.url,
    branch: 'main',
    repoId: opened.repoId,
    start: opened.head,
    planCommit: origin.head(`refs/joinpoint/${rollout.uid}/plan`),
    settings: { heartbeatMs: 2_000, tasksPerRun: 200 },
  };
  const branch = await run(engine.createBranch, {
    rollout: ref,
    task: '1.1',
    title: 'Task 1.1',
    author: 'Agent A',
    branch: 'feature/twins',
    generation: 1,
    stackOn: [],
    at,
  });
  const attempt = (twin: string) => ({
    rollout: ref,
    phase: { id: '1', title: 'Phase 1' },
    task: task!,
    agentName: 'A',
    agent: {
      kind: 'command' as const,
      run: `echo >> ${desk}/began-${twin}; while [ ! -f ${desk}/go-${twin} ]; do sleep 0.05; done; echo ${twin} > 1.1.txt`,
      concurrency: 1,
      timeout: '1m',
      env: [],
    },
    generation: 1,
    attempt: 1,
    branch,
    head: branch.head,
    feedback: [],
    at,
  });
  const twins = ['early', 'late'].map((twin) =>
    run(createLaneActivities({ home: join(desk, twin), env }).runAgent, attempt(twin)),
  );
  await until(bothBegan, 'both twins work');
  allow('go-early');
  const early = await twins[0]!;
  allow('go-late');
  const late = await twins[1]!;
  expect(early.status).toBe('finished');
  expect(late).toEqual(early);
  expect(origin.read('1.1.txt', 'feature/twins')).toBe('early\n');
  expect(pushesOf('refs/heads/feature/twins')).toBe(2);
});

function bothBegan(): boolean {
  return existsSync(join(desk, 'began-early')) && existsSync(join(desk, 'began-late'));
}

function machineOf(workTree: string): string {
  return /machine-\d/.exec(workTree)![0];
}

function pushesOf(ref: string): number {
  return origin.pushes().filter((push) => push.ref === ref).length;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
