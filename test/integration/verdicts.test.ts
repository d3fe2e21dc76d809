/** What each verdict and each answer leads to, wherever it is given: nothing passes silently, and nothing that was fine is held up. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RolloutHandle } from '../../client/start-rollout.js';
import type { Answer, Question } from '../../plan/question.js';
import type { AddressedQuestion } from '../../plan/status.js';
import { abortUpdate, resumeUpdate, rollbackToUpdate } from '../../workflows/messages.js';
import { Origin } from '../harness/origin.js';
import { aPlan, type PhaseBuilder } from '../harness/plans.js';
import { agreeable, type Operator, Rig } from '../harness/rig.js';
import { until } from '../harness/until.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterAll(async () => {
  await rig?.stop();
});

let origin: Origin;
/** Outside the repository: what agents and checks look at and leave behind. */
let desk: string;
beforeEach(() => {
  origin = Origin.create({ 'README.md': 'start\n', 'broken.txt': 'x\n' });
  desk = mkdtempSync(join(tmpdir(), 'joinpoint-desk-'));
});
afterEach(() => {
  origin.remove();
  rmSync(desk, { recursive: true, force: true });
});

const set = (flag: string): void => writeFileSync(join(desk, flag), '');
const clear = (flag: string): void => rmSync(join(desk, flag), { force: true });

let runs = 0;
function start(fill: (phase: PhaseBuilder) => PhaseBuilder, extra: Record<string, unknown> = {}, scripts = {}) {
  const builder = aPlan();
  for (const [task, run] of Object.entries<string>(scripts)) builder.script(task, run);
  return rig.start(builder.phase('1', fill).with(extra).build(), origin, { name: `verdicts-${++runs}` });
}

const withoutApproval = { defaults: { approval: false } };
const landing = 'landing of join point of phase 1';
const closing = 'join point of phase 1';

/** An answered question is seen until its workflow's next report. */
const answered = new Set<string>();
const keyOf = ({ workflowId, id, askedAt }: AddressedQuestion): string => [workflowId, id, askedAt].join(' ');

/** The next question, which must be this one. */
async function asked(handle: RolloutHandle, kind: Question['kind'], subject: string): Promise<AddressedQuestion> {
  const next = await rig.untilAsked(handle, (question) => !answered.has(keyOf(question)), 60_000);
  expect(`${next.kind} of ${next.subject}: ${next.why}`).toContain(`${kind} of ${subject}: `);
  return next;
}

async function say(question: AddressedQuestion, action: Answer['action'], more: Partial<Answer> = {}): Promise<void> {
  await rig.answer(question, { action, by: 'owner', ...more });
  answered.add(keyOf(question));
}

/** Whatever holds although it should not ends the test at once. */
const smooth: Operator = (question) => {
  if (answered.has(keyOf(question))) return undefined;
  if (question.kind === 'hold') throw new Error(`${question.subject} holds: ${question.why}`);
  return agreeable(question);
};

/** Ends a rollout that a test leaves as it stands. */
async function leave(handle: RolloutHandle): Promise<void> {
  await handle.executeUpdate(abortUpdate, { args: [{ by: 'owner', keep: true }] });
  await handle.result();
}

const uidOf = async (handle: RolloutHandle): Promise<string> => (await rig.view(handle)).rollout.uid;
const pullRequest = async (handle: RolloutHandle): Promise<string> =>
  origin.read('pull.md', `refs/joinpoint/${await uidOf(handle)}/pull-1.1`);

describe('a task', () => {
  test('whose check cannot tell asks a person at once, and an override is no proof', async () => {
    const scripts = { '1.1': `echo >> ${desk}/runs; echo x > 1.1.txt` };
    const handle = await start((phase) => phase.task('1.1', { checks: ['exit 75'], attempts: 3 }), {}, scripts);
    const hold = await asked(handle, 'hold', 'task 1.1');
    expect(hold.why).toBe('check exit 75: the check says that it cannot tell (exit code 75)');
    expect(hold.evidence?.summary).toBe(
      'override lets through: check exit 75 (inconclusive: the check says that it cannot tell (exit code 75))',
    );
    expect(readFileSync(join(desk, 'runs'), 'utf8')).toBe('\n');
    await say(hold, 'override', { comment: 'looked at it' });
    expect((await rig.operate(handle, smooth)).outcome).toBe('done');
    expect(await pullRequest(handle)).toContain('- [ ] check exit 75');
    expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]']);
  });

  test('whose check nobody could make when it was let through asks again where it fails on the whole', async () => {
    set('away');
    const registry = `test -f ${desk}/away && exit 75; exit 1`;
    const handle = await start((phase) => phase.task('1.1', { checks: [registry] }), withoutApproval);
    const hold = await asked(handle, 'hold', 'task 1.1');
    clear('away');
    await say(hold, 'override', { comment: 'the registry is away' });
    const again = await asked(handle, 'hold', closing);
    expect(again.why).toMatch(
      / is inconclusive: failed, and when it was inconclusive owner overrode .*registry is away/,
    );
    expect(origin.landed()).toEqual([]);
    await leave(handle);
  });

  test('that makes a static check worse goes back to its agent before it reaches a candidate', async () => {
    const scripts = { '1.1': 'grep -q lint "$JOINPOINT_TASK_FILE" && echo good > 1.1.txt || echo bad > 1.1.txt' };
    const extra = { staticChecks: [{ name: 'lint', run: '! grep -q bad *.txt' }] };
    const handle = await start((phase) => phase.task('1.1'), extra, scripts);
    expect((await rig.operate(handle, smooth)).outcome).toBe('done');
    expect(origin.read('1.1.txt')).toBe('good\n');
    expect(origin.refs('refs/heads/feature/')).toEqual(['refs/heads/feature/1.1']);
  });

  test('lands past what was broken before: a static check and a gate', async () => {
    const extra = {
      staticChecks: [{ name: 'whole', run: 'test ! -f broken.txt' }],
      gates: [{ name: 'live', run: 'test ! -f broken.txt' }],
    };
    const handle = await start((phase) => phase.task('1.1'), extra);
    expect((await rig.operate(handle, smooth)).outcome).toBe('done');
    expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]']);
  });

  test('that breaks a static check lands when a person overrides it, for the task and for the whole, and is shown so', async () => {
    const extra = { staticChecks: [{ name: 'lint', run: 'test ! -f 1.1.txt' }] };
    const handle = await start((phase) => phase.task('1.1', { attempts: 1 }), extra);
    await say(await asked(handle, 'hold', 'task 1.1'), 'override', { comment: 'the check is wrong' });
    const whole = await asked(handle, 'hold', closing);
    expect(whole.why).toMatch(
      /^lint is inconclusive: failed, and for a part of this owner overrode "lint: .*: the check is wrong/,
    );
    await say(whole, 'override', { comment: 'still wrong' });
    const approval = await asked(handle, 'approval', closing);
    expect(approval.evidence?.summary).toMatch(/^2 checks passed, 1 overridden \(lint\); /);
    expect((await rig.operate(handle, smooth)).outcome).toBe('done');
  });

  test('whose agent failed is let through with all that is wrong with it in view, and what no command proves is asked', async () => {
    const options = { attempts: 1, checks: ['test -f 1.1.txt', 'test -f never'], ticks: ['it looks right'] };
    const scripts = { '1.1': 'echo x > 1.1.txt; echo mine > README.md; exit 3' };
    const handle = await start((phase) => phase.task('1.1', options), withoutApproval, scripts);
    const hold = await asked(handle, 'hold', 'task 1.1');
    expect(hold.why).toBe('1 attempt failed; the last: the agent exited with code 3');
    const wrong =
      "Changes stay inside the task's files (failed: edited outside its files: README.md; restore them); check test -f never (failed: failed without a word)";
    expect(hold.evidence?.summary).toBe(`override lets through: ${wrong}`);
    expect(hold.evidence?.commit).toBe(origin.git('rev-parse', 'feature/1.1').trim());
    await say(hold, 'override', { comment: 'as agreed' });
    await say(await asked(handle, 'ticks', 'task 1.1'), 'done', { evidence: 'a screenshot' });
    expect((await rig.operate(handle, smooth)).outcome).toBe('done');
    expect(await pullRequest(handle)).toContain(`Let through: ${wrong}`);
    expect(await pullRequest(handle)).toContain('- [ ] check test -f never');
  });

  test('that failed and left nothing can be tried again or skipped, but not let through', async () => {
    const handle = await start((phase) => phase.task('1.1', { attempts: 1 }), withoutApproval, { '1.1': 'exit 3' });
    const hold = await asked(handle, 'hold', 'task 1.1');
    expect(hold.actions).toEqual(['retry', 'done', 'skip']);
    await say(hold, 'skip', { comment: 'not needed' });
    expect((await rig.operate(handle, smooth)).outcome).toBe('done');
  });

  test('that a person says is done is verified like any other', async () => {
    const handle = await start((phase) => phase.task('1.1', { attempts: 1 }), withoutApproval, { '1.1': 'exit 3' });
    const hold = await asked(handle, 'hold', 'task 1.1');
    origin.commit({ '1.1.txt': 'x\n', 'README.md': 'mine\n' }, 'by hand', 'feature/1.1');
    await say(hold, 'done');
    const again = await asked(handle, 'hold', 'task 1.1');
    expect(again.why).toContain('edited outside its files: README.md');
    origin.commit({ 'README.md': 'start\n' }, 'by hand', 'feature/1.1');
    await say(again, 'done');
    expect((await rig.operate(handle, smooth)).outcome).toBe('done');
    expect(origin.read('1.1.txt')).toBe('x\n');
  });

  test('that no command can prove is not ready before a person has said how they know', async () => {
    const handle = await start((phase) => phase.task('1.1', { ticks: ['it looks right'] }), withoutApproval);
    const ticks = await asked(handle, 'ticks', 'task 1.1');
    await expect(say(ticks, 'done')).rejects.toMatchObject({
      cause: { message: expect.stringContaining('needs evidence') },
    });
    await say(ticks, 'done', { evidence: 'a screenshot' });
    expect((await rig.operate(handle, smooth)).outcome).toBe('done');
    expect(await pullRequest(handle)).toContain('- [x] it looks right (owner (claimed): a screenshot)');
  });

  test('stays held when a signal that answers it is refused', async () => {
    const handle = await start((phase) => phase.task('1.1', { attempts: 1 }), withoutApproval, { '1.1': 'exit 3' });
    const { workflowId } = await asked(handle, 'hold', 'task 1.1');
    const task = rig.server.client.workflow.getHandle(workflowId);
    await task.signal('skip', { by: 'owner' });
    await task.signal('skip', { by: 'owner', comment: 'not needed' });
    const result = await rig.operate(handle, (question) =>
      question.subject === 'task 1.1' ? undefined : smooth(question),
    );
    expect(result).toMatchObject({ outcome: 'done', notes: ['task 1.1: skipped by owner: not needed'] });
  });
});

describe('a candidate', () => {
  test('that cannot be proven asks before anything lands, again after a retry, and an override is noted', async () => {
    const onTheWhole = 'test -f 1.1.txt && test -f 1.2.txt && exit 75; exit 0';
    const handle = await start((phase) => phase.task('1.1', { checks: [onTheWhole] }).task('1.2'));
    const hold = await asked(handle, 'hold', closing);
    expect(hold.why).toContain('is inconclusive: the check says that it cannot tell');
    await say(hold, 'retry');
    await say(await asked(handle, 'hold', closing), 'override', { comment: 'looked at it' });
    await asked(handle, 'approval', closing);
    expect(origin.landed()).toEqual([]);
    const result = await rig.operate(handle, smooth);
    expect(result.outcome).toBe('done');
    expect(result.notes).toEqual([
      expect.stringMatching(/owner said override although .* was inconclusive: looked at it$/),
    ]);
  });

  test('that is rejected lands nothing; the tasks that are named are done again, the others are not', async () => {
    const handle = await start((phase) => phase.task('1.1').task('1.2'));
    const first = await asked(handle, 'approval', closing);
    await say(first, 'reject', { comment: 'not today' });
    const hold = await asked(handle, 'hold', 'phase 1');
    expect(hold.why).toBe('not landed: owner rejected the candidate: not today');
    await say(hold, 'retry');
    const second = await asked(handle, 'approval', closing);
    expect(second.id, 'an answer to the first must not reach it').not.toBe(first.id);
    expect(origin.landed()).toEqual([]);
    await say(second, 'reject', { comment: 'not like this', tasks: ['1.2'] });
    await asked(handle, 'approval', closing);
    expect(origin.landed()).toEqual([]);
    expect((await rig.operate(handle, smooth)).outcome).toBe('done');
    expect(origin.refs('refs/heads/feature/').filter((ref) => ref.endsWith('-r2'))).toEqual([
      'refs/heads/feature/1.2-r2',
    ]);
  });

  test('that keeps failing is put before a person after as many attempts as its task has, and may go without it', async () => {
    const aloneOnly = '! git log -1 --format=%s | grep -qF "[all]"';
    const handle = await start(
      (phase) => phase.task('1.1', { checks: [aloneOnly], attempts: 1 }).task('1.2'),
      withoutApproval,
    );
    const hold = await asked(handle, 'hold', 'phase 1');
    expect(hold.why).toMatch(/^task 1\.1 was sent back 1 times? and still does not fit/);
    expect(origin.landed()).toEqual([]);
    await say(hold, 'skip', { comment: 'not now' });
    const result = await rig.operate(handle, smooth);
    expect(result).toMatchObject({ outcome: 'done', notes: ['task 1.1: skipped by owner: not now'] });
    expect(origin.landed()).toEqual(['1.2: Task 1.2 [all]']);
  });

  test('of a task that lands by itself is held under its name, and a skip of it is noted', async () => {
    const handle = await start((phase) => phase.task('1.1').with({ land: 'each' }));
    await say(await asked(handle, 'approval', 'task 1.1'), 'reject', { comment: 'not today' });
    const hold = await asked(handle, 'hold', 'task 1.1');
    expect(hold.why).toBe('task 1.1 not landed: owner rejected the candidate: not today');
    await say(hold, 'skip', { comment: 'not needed' });
    const result = await rig.operate(handle, smooth);
    expect(result).toMatchObject({ outcome: 'done', notes: ['task 1.1: skipped by owner: not needed'] });
    expect(origin.landed()).toEqual([]);
  });

  test('that was sent back to a person is not handed in again as it was', async () => {
    const handle = await start((phase) => phase.task('1.1', { agent: 'H' }));
    const first = await asked(handle, 'work', 'task 1.1');
    origin.commit({ '1.1.txt': 'x\n' }, 'by hand', 'feature/1.1');
    await say(first, 'done', { by: 'hanna' });
    await say(await asked(handle, 'approval', closing), 'reject', { comment: 'say why', tasks: ['1.1'] });
    const again = await asked(handle, 'work', 'task 1.1');
    expect(again.why).toContain('feature/1.1-r2');
    await say(again, 'done', { by: 'hanna' });
    const unchanged = await rig.untilAsked(handle, ({ kind, id }) => kind === 'work' && id !== again.id, 60_000);
    expect(unchanged.why).toContain('nothing has changed since it was sent back; push to feature/1.1-r2');
    origin.commit({ '1.1.txt': 'y\n' }, 'by hand', 'feature/1.1-r2');
    await say(unchanged, 'done', { by: 'hanna' });
    await say(await asked(handle, 'approval', closing), 'approve');
    expect((await rig.operate(handle, smooth)).outcome).toBe('done');
    expect(origin.read('1.1.txt')).toBe('y\n');
  });

  test('is approved by those whom its phase names, and by nobody for their own work', async () => {
    const handle = await start((phase) =>
      phase
        .task('1.1', { agent: 'H' })
        .with({ joinPoint: { approval: { approvers: ['hanna', 'lead'] }, signOff: { approvers: ['boss'] } } }),
    );
    const work = await asked(handle, 'work', 'task 1.1');
    origin.commit({ '1.1.txt': 'x\n' }, 'by hand', 'feature/1.1');
    await say(work, 'done', { by: 'hanna' });
    const approval = await asked(handle, 'approval', closing);
    expect(approval.forWhom).toEqual(['hanna', 'lead']);
    await expect(say(approval, 'approve', { by: 'hanna' })).rejects.toMatchObject({
      cause: { message: expect.stringContaining("did part of this work and can't approve it") },
    });
    await say(approval, 'approve', { by: 'lead' });
    const signOff = await asked(handle, 'signOff', closing);
    expect(signOff.forWhom).toEqual(['boss']);
    expect(signOff.evidence?.commit).toBe(origin.git('rev-parse', 'main').trim());
    await say(signOff, 'approve', { by: 'boss' });
    expect((await handle.result()).outcome).toBe('done');
  });
});

describe('a landing', () => {
  const approve = async (handle: RolloutHandle): Promise<void> =>
    say(await asked(handle, 'approval', closing), 'approve');

  test('whose gate cannot tell undoes nothing and asks; what a person lets through is noted', async () => {
    const handle = await start((phase) =>
      phase.task('1.1').with({ gates: [{ name: 'live', run: `test ! -f ${desk}/unclear || exit 75` }] }),
    );
    await asked(handle, 'approval', closing);
    set('unclear');
    await approve(handle);
    const hold = await asked(handle, 'hold', landing);
    expect(hold.why).toMatch(/^after stage all, live inconclusive: /);
    expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]']);
    clear('unclear');
    await say(hold, 'skip', { comment: 'seen by eye' });
    const result = await rig.operate(handle, smooth);
    expect(result.outcome).toBe('done');
    expect(result.notes).toEqual([expect.stringMatching(/owner said skip although after stage all, .*: seen by eye$/)]);
  });

  test('that holds on a failure looks again on a retry, and is undone when a person says so', async () => {
    const before = origin.tree();
    const handle = await start((phase) => phase.task('1.1').with({ onFailure: 'hold' }), {
      gates: [{ name: 'everywhere', run: `test ! -f ${desk}/broken` }],
    });
    await asked(handle, 'approval', closing);
    set('broken');
    await approve(handle);
    const hold = await asked(handle, 'hold', landing);
    await say(hold, 'retry');
    await say(await asked(handle, 'hold', landing), 'rollback');
    expect((await asked(handle, 'hold', 'phase 1')).why).toMatch(
      /^rolled back: after stage all, .*; rolled back by owner$/,
    );
    expect(origin.tree()).toBe(before);
    await leave(handle);
  });

  test('whose gates a person let through names each of them, and asks about none of them again in its phase', async () => {
    const gates = ['pods', 'backups'].map((name) => ({ name, run: `test ! -f ${desk}/${name}` }));
    const handle = await start((phase) =>
      phase
        .task('1.1')
        .task('1.2', { needs: ['1.1'] })
        .with({ land: 'each', onFailure: 'hold', gates }),
    );
    const approval = await asked(handle, 'approval', 'task 1.1');
    for (const { name } of gates) set(name);
    await say(approval, 'approve');
    const hold = await asked(handle, 'hold', 'landing of task 1.1');
    expect(hold.why).toMatch(/pods failed: .* \(and backups failed\)$/);
    expect(hold.evidence).toMatchObject({
      commit: origin.head(),
      summary: expect.stringMatching(/^override lets through: pods \(failed: .*\); backups \(failed: .*\)$/),
    });
    await say(hold, 'override', { comment: 'known' });
    const result = await rig.operate(handle, smooth);
    const note = expect.stringMatching(/owner said override although .* \(and backups failed\): known$/);
    expect(result.notes).toEqual([note]);
    const [ref, path] = (await rig.view(handle)).rollout.phases[0]!.checkpoint!.evidence.split(':') as [string, string];
    expect(JSON.parse(origin.read(path, ref))).toMatchObject({ history: expect.arrayContaining([note]) });
  });

  test('that the target refuses is tried again on a retry, and given up when a person says so', async () => {
    const handle = await start((phase) => phase.task('1.1'));
    const hook = join(origin.url, 'hooks/update');
    const usual = readFileSync(hook, 'utf8');
    await asked(handle, 'approval', closing);
    writeFileSync(hook, '#!/bin/sh\n[ "$1" != refs/heads/main ]\n');
    chmodSync(hook, 0o755);
    await approve(handle);
    const hold = await asked(handle, 'hold', landing);
    expect(hold.why).toContain('refused the push to main');
    await say(hold, 'retry');
    await say(await asked(handle, 'hold', landing), 'rollback');
    const held = await asked(handle, 'hold', 'phase 1');
    expect(held.why).toBe('rolled back: a person rolled it back');
    expect(origin.landed()).toEqual([]);
    writeFileSync(hook, usual);
    await say(held, 'retry');
    expect((await rig.operate(handle, smooth)).outcome).toBe('done');
    expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]']);
  });
});

describe('the end of a phase', () => {
  const proof = { title: 'it works', run: '' };
  test.each([
    ['criterion', (run: string) => ({ criteria: [{ ...proof, run }] })],
    ['step of its join point', (run: string) => ({ joinPoint: { steps: [{ ...proof, run }] } })],
  ])('that fails a %s undoes the phase', async (_, extra) => {
    const before = origin.tree();
    const handle = await start((phase) => phase.task('1.1').with(extra('false')), withoutApproval);
    expect((await asked(handle, 'hold', 'phase 1')).why).toBe('rolled back: it works failed: failed without a word');
    expect(origin.tree()).toBe(before);
    expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]', 'Undo 1.1/all/1']);
    await leave(handle);
  });

  test('waits for what only a person can confirm: they may undo the phase, or let it pass with a note', async () => {
    const before = origin.tree();
    const handle = await start(
      (phase) => phase.task('1.1').with({ criteria: [{ title: 'it looks right', person: 'a screenshot' }] }),
      withoutApproval,
    );
    await say(await asked(handle, 'ticks', closing), 'rollback', { comment: 'it does not' });
    const hold = await asked(handle, 'hold', 'phase 1');
    expect(hold.why).toBe('rolled back: rolled back by owner: it does not');
    expect(origin.tree()).toBe(before);
    await say(hold, 'retry');
    await say(await asked(handle, 'ticks', closing), 'override', { comment: 'good enough' });
    const result = await handle.result();
    expect(result.outcome).toBe('done');
    expect(result.notes).toEqual([`${closing}: owner said override although not everything was ticked: good enough`]);
  });
});

test('what an operator says is refused where it makes no sense', async () => {
  const scripts = { '1.1': `touch ${desk}/began; trap "" TERM; sleep 300 & wait; sleep 300` };
  const handle = await start((phase) => phase.task('1.1'), {}, scripts);
  await until(() => existsSync(join(desk, 'began')), 'the agent works');
  const refused = (message: string) => ({ cause: { message: expect.stringContaining(message) } });
  const by = 'owner';
  await expect(handle.executeUpdate(resumeUpdate, { args: [{ by }] })).rejects.toMatchObject(refused('is not paused'));
  const back = { to: 'start', by, comment: ' ' };
  await expect(handle.executeUpdate(rollbackToUpdate, { args: [back] })).rejects.toMatchObject(
    refused('needs a reason'),
  );
  await expect(handle.executeUpdate(abortUpdate, { args: [{ by, uid: 'another' }] })).rejects.toMatchObject(
    refused('is of another rollout'),
  );
  await handle.executeUpdate(abortUpdate, { args: [{ by, uid: await uidOf(handle) }] });
  const again = refused('is being aborted or rolled back already');
  await expect(handle.executeUpdate(abortUpdate, { args: [{ by }] })).rejects.toMatchObject(again);
  await expect(handle.executeUpdate(rollbackToUpdate, { args: [{ ...back, comment: 'x' }] })).rejects.toMatchObject(
    again,
  );
  expect((await handle.result()).outcome).toBe('aborted');
});
