/** The target moves under an approved candidate: what was approved lands as it was approved, or is asked about again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RolloutHandle } from '../../client/start-rollout.js';
import type { AddressedQuestion } from '../../plan/status.js';
import { landId } from '../../workflows/ids.js';
import { abortUpdate, pauseUpdate, resumeUpdate } from '../../workflows/messages.js';
import { Origin } from '../harness/origin.js';
import { aPlan } from '../harness/plans.js';
import { agreeable, type Operator, Rig } from '../harness/rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterAll(async () => {
  await rig?.stop();
});

let origin: Origin;
/** Outside the repository: what the bot, the gates and the origin's hook know of each other. */
let desk: string;
beforeEach(() => {
  origin = Origin.create({ 'apps/list.txt': 'one\ntwo\nthree\n', 'ports/web': '80\n' });
  desk = mkdtempSync(join(tmpdir(), 'joinpoint-desk-'));
});
afterEach(() => {
  origin.remove();
  rmSync(desk, { recursive: true, force: true });
});

const set = (flag: string): void => writeFileSync(join(desk, flag), '');

let runs = 0;
const freshName = (): string => `moved-${++runs}`;

const noTwoOnOnePort = {
  name: 'ports',
  run: 'test -z "$(cat ports/* | sort | uniq -d)" || { echo "two on one port"; exit 1; }',
};

/** A task that adds to the end of a list, and one whose agent takes another port once it is told that its own is taken. */
function smallPlan() {
  return aPlan()
    .script('1.1', 'echo four >> apps/list.txt')
    .script('1.2', 'port=8080; grep -q "two on one port" "$JOINPOINT_TASK_FILE" && port=8081; echo $port > ports/shop')
    .phase('1', (phase) =>
      phase
        .task('1.1', { files: ['apps/**'], checks: ['grep -qx four apps/list.txt'] })
        .task('1.2', { files: ['ports/**'], checks: ['test -f ports/shop'] }),
    )
    .with({ staticChecks: [noTwoOnOnePort] })
    .build();
}

const isApproval = ({ kind }: AddressedQuestion): boolean => kind === 'approval';

/** The rollout with its candidate approved, but paused before it lands. */
async function approvedAndPaused(handle: RolloutHandle): Promise<AddressedQuestion> {
  const approval = await rig.untilAsked(handle, isApproval, 60_000);
  await handle.executeUpdate(pauseUpdate, { args: [{ by: 'owner' }] });
  await rig.answer(approval, agreeable(approval)!);
  return approval;
}

const resume = (handle: RolloutHandle) => handle.executeUpdate(resumeUpdate, { args: [{ by: 'owner' }] });

/** Answers like the owner, and remembers every candidate that it was asked to approve. */
function watchful(): { readonly operator: Operator; readonly approved: readonly string[] } {
  const approved: string[] = [];
  return {
    approved,
    operator: (question) => {
      if (isApproval(question) && !approved.includes(question.evidence!.commit!))
        approved.push(question.evidence!.commit!);
      return agreeable(question);
    },
  };
}

interface Evidence {
  readonly approvals: readonly { readonly what: string; readonly by: string }[];
  readonly history: readonly string[];
}

/** What the checkpoint of the first phase keeps in the origin. */
async function checkpointEvidence(handle: RolloutHandle): Promise<Evidence> {
  const { rollout } = await rig.view(handle);
  return JSON.parse(origin.git('show', rollout.phases[0]!.checkpoint!.evidence)) as Evidence;
}

const carriedOver = (from: string, to: string): string =>
  `approved as ${from}, landed as ${to}: the target had moved, every patch was the same`;

/** A program that pushes a foreign commit onto main, in the origin itself. */
function foreignProgram(): string {
  const program = join(desk, 'foreign.sh');
  const text = `#!/bin/sh
cd ${origin.url}
was=$(git rev-parse main)
blob=$(git rev-parse HEAD:ports/web)
tree=$( (git ls-tree "$was"; printf '100644 blob %s\tforeign-%s\n' "$blob" "$(git rev-list --count main)") | git mktree)
commit=$(git -c user.name=Somebody -c user.email=somebody@example.invalid commit-tree "$tree" -p "$was" -m foreign)
git update-ref refs/heads/main "$commit" "$was"
`;
  writeFileSync(program, text, { mode: 0o755 });
  return program;
}

/** The next push onto main finds, when it is let in, that somebody else's was faster. */
function loseTheNextRace(): void {
  set('race');
  const hook = join(origin.url, 'hooks/update');
  const race = `[ "$1" = refs/heads/main ] && rm ${desk}/race 2>/dev/null && ${foreignProgram()}`;
  writeFileSync(hook, readFileSync(hook, 'utf8').replace('\n', `\n${race}\n`));
}

/** A plan whose only task breaks a static check, which says `code`; a person lets that through, for the task and for the whole. */
async function letThrough(code: string): Promise<RolloutHandle> {
  const plan = aPlan()
    .phase('1', (phase) => phase.task('1.1', { attempts: 1 }))
    .with({ staticChecks: [{ name: 'lint', run: `test ! -f 1.1.txt || exit ${code}` }] })
    .build();
  const handle = await rig.start(plan, origin, { name: freshName() });
  for (const subject of ['task 1.1', 'join point of phase 1']) {
    const isHeld = (question: AddressedQuestion): boolean => question.kind === 'hold' && question.subject === subject;
    const said = { action: 'override', by: 'owner', comment: `known, in ${subject}` } as const;
    await rig.answer(await rig.untilAsked(handle, isHeld, 60_000), said);
  }
  return handle;
}

const landedSmall = ['1.1: Task 1.1 [all]', '1.2: Task 1.2 [all]'];

describe('a head that moves between approval and push', () => {
  test('carries the approval over when no patch changes, and keeps both ids', async () => {
    const handle = await rig.start(smallPlan(), origin, { name: freshName() });
    const approval = await approvedAndPaused(handle);
    const foreign = origin.commit({ 'foreign.txt': 'somebody else\n' }, 'foreign');
    expect(origin.landed()).toEqual(['foreign']);
    await resume(handle);
    const again = watchful();
    expect((await rig.operate(handle, again.operator)).outcome).toBe('done');
    expect(again.approved).toEqual([]);
    expect(origin.landed()).toEqual(['foreign', ...landedSmall]);
    expect(origin.head('main~2')).toBe(foreign);
    const approved = approval.evidence!.commit!;
    const { approvals, history } = await checkpointEvidence(handle);
    expect(approvals).toMatchObject([{ what: 'approval', by: 'owner' }]);
    expect(history).toContain(carriedOver(approved, origin.head()));
    expect(origin.head(`${approved}~2`)).toBe(origin.head('main~3'));
  });

  test('does so also when the foreign commit comes in the very moment of the push', async () => {
    const handle = await rig.start(smallPlan(), origin, { name: freshName() });
    loseTheNextRace();
    const { operator, approved } = watchful();
    expect((await rig.operate(handle, operator)).outcome).toBe('done');
    expect(origin.landed()).toEqual(['foreign', ...landedSmall]);
    expect(origin.isLinear()).toBe(true);
    expect(approved).toHaveLength(1);
    expect((await checkpointEvidence(handle)).history).toContain(carriedOver(approved[0]!, origin.head()));
  });

  test('keeps both ids for a task that lands by itself', async () => {
    const plan = aPlan()
      .phase('1', (phase) => phase.task('1.1').with({ land: 'each' }))
      .build();
    const handle = await rig.start(plan, origin, { name: freshName() });
    const approval = await approvedAndPaused(handle);
    origin.commit({ 'foreign.txt': 'somebody else\n' }, 'foreign');
    await resume(handle);
    expect((await rig.operate(handle)).outcome).toBe('done');
    const { approvals, history } = await checkpointEvidence(handle);
    expect(approvals).toMatchObject([{ what: 'approval', by: 'owner' }]);
    expect(history).toContain(carriedOver(approval.evidence!.commit!, origin.head()));
  });

  test('carries over what a person let through of the candidate, and keeps that, too', async () => {
    const handle = await letThrough('1');
    const approval = await approvedAndPaused(handle);
    origin.commit({ 'foreign.txt': 'somebody else\n' }, 'foreign');
    await resume(handle);
    const again = watchful();
    const operator: Operator = (question) => {
      if (question.kind === 'hold' && question.askedAt > approval.askedAt) throw new Error(`held: ${question.why}`);
      return again.operator(question);
    };
    expect((await rig.operate(handle, operator)).outcome).toBe('done');
    expect(again.approved).toEqual([]);
    expect(origin.landed()).toEqual(['foreign', '1.1: Task 1.1 [all]']);
    expect((await checkpointEvidence(handle)).history).toEqual([
      expect.stringContaining('known, in join point of phase 1'),
      carriedOver(approval.evidence!.commit!, origin.head()),
      expect.stringMatching(/^on the moved target lint: failed, and owner overrode .*known, in join point of phase 1/),
    ]);
  });

  test('asks again where what was let through because nobody knew fails now', async () => {
    set('away');
    const handle = await letThrough(`$(test -f ${desk}/away && echo 75 || echo 1)`);
    const approval = await approvedAndPaused(handle);
    rmSync(join(desk, 'away'));
    origin.commit({ 'foreign.txt': 'somebody else\n' }, 'foreign');
    await resume(handle);
    const isNew = ({ kind, askedAt }: AddressedQuestion): boolean => kind === 'hold' && askedAt > approval.askedAt;
    expect((await rig.untilAsked(handle, isNew, 60_000)).why).toContain('lint is inconclusive: failed');
    expect(origin.landed()).toEqual(['foreign']);
    await handle.executeUpdate(abortUpdate, { args: [{ by: 'owner' }] });
    await handle.result();
  });

  test.each([
    [
      'changes the lines around a patch',
      { 'apps/list.txt': 'one\nTWO\nthree\n' },
      'the patches are no longer those that were approved',
      { 'apps/list.txt': 'one\nTWO\nthree\nfour\n', 'ports/shop': '8080\n' },
    ],
    [
      'conflicts with a patch',
      { 'apps/list.txt': 'one\ntwo\nthree\nfive\n' },
      '1.1 no longer fits it (apps/list.txt)',
      { 'apps/list.txt': 'one\ntwo\nthree\nfive\nfour\n', 'ports/shop': '8080\n' },
    ],
    [
      'is wrong together with it by a static check',
      { 'ports/foreign': '8080\n' },
      'two on one port',
      { 'apps/list.txt': 'one\ntwo\nthree\nfour\n', 'ports/shop': '8081\n' },
    ],
  ])('asks again when the foreign commit %s, and lands nothing until then', async (_, foreign, why, end) => {
    const handle = await rig.start(smallPlan(), origin, { name: freshName() });
    const first = await approvedAndPaused(handle);
    const moved = origin.commit(foreign, 'foreign');
    await resume(handle);
    const second = await rig.untilAsked(
      handle,
      (question) => isApproval(question) && question.evidence?.commit !== first.evidence?.commit,
      60_000,
    );
    expect(origin.head()).toBe(moved);
    expect(await lockStatus()).toBe('COMPLETED');
    await rig.answer(second, agreeable(second)!);
    expect((await rig.operate(handle)).outcome).toBe('done');
    expect(origin.landed()).toEqual(['foreign', ...landedSmall]);
    expect(origin.head()).toBe(second.evidence!.commit);
    for (const [path, text] of Object.entries(end)) expect(origin.read(path)).toBe(text);
    const { approvals, history } = await checkpointEvidence(handle);
    expect(approvals).toHaveLength(2);
    expect(history).toEqual([expect.stringContaining(why)]);
  });
});

/** How the last landing on the origin stands: while it runs, it holds the lock. */
async function lockStatus(): Promise<string> {
  const repoId = origin.read('id', 'refs/joinpoint/repository').trim();
  return (await rig.server.client.workflow.getHandle(landId({ repoId, branch: 'main' })).describe()).status.name;
}

describe('a bot that pushes all the time', () => {
  let bot: ChildProcess | undefined;
  afterEach(() => {
    bot?.kill('SIGKILL');
    bot = undefined;
  });

  /** A second and a half; more on a machine that is so busy that a commit alone takes long, since no landing beats a bot that is faster than git. */
  function beatSeconds(): number {
    const startedAt = Date.now();
    origin.commit({ 'yardstick.txt': 'x\n' }, 'foreign');
    return Math.max(1.5, (6 * (Date.now() - startedAt)) / 1000);
  }

  const pushedByBot = (): number => readFileSync(join(desk, 'pushed'), 'utf8').split('\n').filter(Boolean).length;

  test('does not starve a plan of two stages, and neither loses a commit', async () => {
    set('pushed');
    const untilTheBotPushes = `was=$(wc -l < ${desk}/pushed); while [ $(wc -l < ${desk}/pushed) = $was ]; do sleep 0.1; done`;
    const plan = aPlan()
      .script('1.1', 'echo 1 > apps/new; echo 1 > core')
      .phase('1', (phase) =>
        phase.task('1.1', { files: ['**'], checks: ['test -f core'] }).with({
          stages: [{ name: 'apps', paths: ['apps/**'] }, { name: 'core' }],
          gates: [{ name: 'bot', run: untilTheBotPushes }],
        }),
      )
      .with({ staticChecks: [noTwoOnOnePort] })
      .build();
    bot = spawn('sh', ['-c', `while sleep ${beatSeconds()}; do ${foreignProgram()} && echo x >> ${desk}/pushed; done`]);
    const handle = await rig.start(plan, origin, { name: freshName() });
    const { operator, approved } = watchful();
    expect((await rig.operate(handle, operator)).outcome).toBe('done');
    bot.kill('SIGKILL');
    expect(approved).toHaveLength(1);
    const landed = origin.landed();
    const own = ['1.1: Task 1.1 [apps]', '1.1: Task 1.1 [core]'].map((subject) => landed.indexOf(subject));
    expect(own[1]! - own[0]!).toBeGreaterThan(1);
    const foreign = landed.filter((subject) => subject === 'foreign').length;
    expect(foreign).toBe(landed.length - own.length);
    expect(foreign).toBeGreaterThanOrEqual(pushedByBot());
    expect(origin.isLinear()).toBe(true);
    const [landedAs] = origin.git('log', '--format=%H', '--grep=Task 1.1 .core.', 'main').split('\n');
    expect((await checkpointEvidence(handle)).history).toContain(carriedOver(approved[0]!, landedAs!));
  });

  test.each([
    ['passes', {}],
    ['was broken before', { 'ports/other': '80\n' }],
  ])('that is faster than the static check does not starve a landing whose check %s', async (_, before) => {
    const start = origin.commit(before, 'before');
    const faster = `test -f ${desk}/busy && ${foreignProgram()}; ${noTwoOnOnePort.run}`;
    const plan = aPlan()
      .script('1.1', 'echo 81 > ports/shop')
      .phase('1', (phase) => phase.task('1.1', { files: ['**'], checks: ['test -f ports/shop'] }))
      .with({ staticChecks: [{ ...noTwoOnOnePort, run: faster }] })
      .build();
    const handle = await rig.start(plan, origin, { name: freshName() });
    await approvedAndPaused(handle);
    set('busy');
    origin.commit({ 'foreign.txt': 'somebody else\n' }, 'foreign');
    await resume(handle);
    const again = watchful();
    expect((await rig.operate(handle, again.operator)).outcome).toBe('done');
    expect(again.approved).toEqual([]);
    const landed = origin.git('log', '--format=%s', `${start}..main`).split('\n').filter(Boolean);
    expect(landed.filter((subject) => subject !== 'foreign')).toEqual(['1.1: Task 1.1 [all]']);
    expect(landed.length).toBeGreaterThan(4);
    expect(origin.read('ports/shop')).toBe('81\n');
    expect(origin.isLinear()).toBe(true);
  });
});
