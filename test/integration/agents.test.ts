/** Agents that misbehave: each time one clear line, nothing lost or left behind, and the rollout goes on. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { listProcesses } from '../../activities/process/process-table.js';
import type { RolloutHandle } from '../../client/start-rollout.js';
import type { Answer } from '../../plan/question.js';
import type { AddressedQuestion } from '../../plan/status.js';
import { rolloutStatusQuery } from '../../workflows/messages.js';
import { Origin } from '../harness/origin.js';
import { aPlan } from '../harness/plans.js';
import { Rig } from '../harness/rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterAll(async () => {
  await rig?.stop();
});

let origin: Origin;
/** Where agents leave what a test wants to know, outside the repository. */
let notes: string;
beforeEach(() => {
  origin = Origin.create({ 'README.md': 'start\n' });
  notes = mkdtempSync(join(tmpdir(), 'joinpoint-notes-'));
});
afterEach(() => {
  origin.remove();
  rmSync(notes, { recursive: true, force: true });
});

let runs = 0;

/** Starts a rollout of one task, done by `run`; nothing but a bad agent makes it ask. */
function startTask(run: string, { attempts = 1, timeout = '1m' } = {}): Promise<RolloutHandle> {
  const plan = aPlan()
    .phase('1', (phase) => phase.task('1.1', { attempts }))
    .with({ agents: { A: { kind: 'command', run, timeout } }, defaults: { approval: false } })
    .build();
  return rig.start(plan, origin, { name: `agents-${++runs}` });
}

const held = (handle: RolloutHandle): Promise<AddressedQuestion> =>
  rig.untilAsked(handle, ({ kind }) => kind === 'hold', 60_000);

/** Answers the hold, then lets the rollout end. */
async function decide(handle: RolloutHandle, question: AddressedQuestion, answer: Omit<Answer, 'by'>) {
  await rig.answer(question, { by: 'owner', ...answer });
  return rig.operate(handle);
}

async function chain(handle: RolloutHandle, writer: string): Promise<string> {
  return `refs/joinpoint/${(await handle.query(rolloutStatusQuery)).uid}/${writer}`;
}

const pullRequest = async (handle: RolloutHandle): Promise<string> =>
  origin.read('pull.md', await chain(handle, 'pull-1.1'));

/** Of the processes whose ids an agent wrote down none may run; a zombie has ended. */
async function expectEnded(file: string): Promise<void> {
  const pids = readFileSync(join(notes, file), 'utf8').trim().split('\n').map(Number);
  expect(pids).toHaveLength(2);
  const running = (await listProcesses()).filter(({ pid, zombie }) => pids.includes(pid) && !zombie);
  expect(running).toEqual([]);
}

test('an agent that changes nothing is told so, then a person skips its task with a reason', async () => {
  const handle = await startTask(':', { attempts: 2 });
  const hold = await held(handle);
  expect(hold.subject).toBe('task 1.1');
  expect(hold.why).toMatch(/^2 attempts failed; the last: .*nothing was changed; the task needs at least one commit/);
  const result = await decide(handle, hold, { action: 'skip', comment: 'not needed' });
  expect(result).toMatchObject({ outcome: 'done', notes: ['task 1.1: skipped by owner: not needed'] });
  expect(origin.landed()).toEqual([]);
});

test('edits outside its files go back to the agent as feedback, and the second attempt mends them', async () => {
  const bad = 'echo x > README.md; echo x > 1.1.txt';
  const mend =
    'grep -q "edited outside its files: README.md" "$JOINPOINT_TASK_FILE" && git checkout --quiet HEAD~1 -- README.md';
  const handle = await startTask(`if [ "$JOINPOINT_ATTEMPT" = 1 ]; then ${bad}; else ${mend}; fi`, { attempts: 2 });
  expect((await rig.operate(handle)).outcome).toBe('done');
  expect(origin.read('README.md')).toBe('start\n');
  expect(origin.landed()).toEqual(['1.1: Task 1.1 [all]']);
  expect(await pullRequest(handle)).toContain('edited outside its files: README.md; restore them');
});

test('an agent that hangs is ended with all its processes, and a person may override with what it left', async () => {
  const run = `echo left > 1.1.txt; sleep 300 & echo $! >> ${notes}/pids; sh -c 'echo $$ >> ${notes}/pids; trap "" TERM; sleep 300'`;
  const handle = await startTask(run, { timeout: '2s' });
  const hold = await held(handle);
  expect(hold.why).toMatch(/^1 attempt failed; the last: the agent did not end within 2s$/);
  expect(hold.evidence?.summary).toBe('what was left passes every check; override takes it as it is');
  await expectEnded('pids');
  const result = await decide(handle, hold, { action: 'override', comment: 'it is all there' });
  expect(result.outcome).toBe('done');
  expect(origin.read('1.1.txt')).toBe('left\n');
  expect(await pullRequest(handle)).toContain('owner overrode "the agent did not end within 2s": it is all there');
});

test('an agent that prints 100 MB costs little memory, and its log is kept with the middle left out', async () => {
  const handle = await startTask('echo begins; yes 0123456789 | head -c 100000000; echo ends; echo x > 1.1.txt');
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
  const result = await rig.operate(handle).finally(() => clearInterval(watch));
  expect(result.outcome).toBe('done');
  expect(most - before).toBeLessThan(100 * 1024 * 1024);
  const log = origin.read('attempts/1-1.log', await chain(handle, 'task-1.1'));
  expect(log).toMatch(/^begins\n[\s\S]*… \d{8} bytes left out …[\s\S]*ends\n$/);
  expect(log.length).toBeLessThan(300_000);
});

test('an agent that exits non-zero gets its own output as feedback', async () => {
  const failing = 'echo "the chart is missing"; exit 3';
  const handle = await startTask(`if [ "$JOINPOINT_ATTEMPT" = 1 ]; then ${failing}; fi; cat > 1.1.txt`, {
    attempts: 2,
  });
  expect((await rig.operate(handle)).outcome).toBe('done');
  const brief = JSON.parse(origin.read('1.1.txt')) as { feedback: string[]; attempt: number };
  expect(brief).toMatchObject({ attempt: 2, feedback: ['the agent exited with code 3\nthe chart is missing\n'] });
});

test('processes that an agent leaves behind are ended before its work is taken', async () => {
  const handle = await startTask(
    `sleep 300 & echo $! > ${notes}/pids; nohup sleep 300 >/dev/null 2>&1 & echo $! >> ${notes}/pids; echo x > 1.1.txt`,
  );
  expect((await rig.operate(handle)).outcome).toBe('done');
  await expectEnded('pids');
});

test('a broken result file stops nothing, and the pull request says that it was left unread', async () => {
  const handle = await startTask('echo "{" > "$JOINPOINT_RESULT_FILE"; echo x > 1.1.txt');
  expect((await rig.operate(handle)).outcome).toBe('done');
  expect(await pullRequest(handle)).toContain(
    'The result file is no JSON with a summary and a comment as texts; it was left unread.',
  );
});

test('what git cannot take over is one clear line, and a retry begins where the branch was', async () => {
  const cases: Readonly<Record<string, readonly [first: string, said: string]>> = {
    'rewritten-history': [
      'git -c user.name=x -c user.email=x commit --quiet --allow-empty --amend -m mine',
      'rewrote the history of its branch; add commits instead',
    ],
    'orphan-branch': ['git checkout --quiet --orphan new', 'rewrote the history of its branch; add commits instead'],
    'deleted-git': ['rm -rf .git', 'not a git repository'],
    'own-repository': ['rm -rf .git; git init --quiet .', 'left a work tree that git cannot commit'],
    'inner-repository': ['git init --quiet inside', "'inside/' does not have a commit checked out"],
    'deleted-tree': ['rm -rf "$PWD"', 'left a work tree that git cannot commit'],
    'left-lock': ['touch "$(git rev-parse --git-dir)/index.lock"', 'index.lock'],
  };
  const builder = aPlan();
  for (const [task, [first]] of Object.entries(cases)) {
    const now = 'echo "$JOINPOINT_ATTEMPT" > "$JOINPOINT_TASK.txt"';
    builder.script(task, `if [ "$JOINPOINT_ATTEMPT" = 1 ]; then ${now}; ${first}; else ${now}; fi`);
  }
  const plan = builder
    .phase('1', (phase) => Object.keys(cases).reduce((all, task) => all.task(task, { attempts: 1 }), phase))
    .with({ defaults: { approval: false } })
    .build();
  const handle = await rig.start(plan, origin, { name: `agents-${++runs}` });
  for (const [task, [, said]] of Object.entries(cases)) {
    const hold = await rig.untilAsked(handle, ({ subject }) => subject === `task ${task}`, 60_000);
    expect(hold.why).toMatch(/^1 attempt failed; the last: the agent [^\n]+$/);
    expect(hold.why).toContain(said);
    expect(origin.head(`feature/${task}`)).toBe(origin.head());
    await rig.answer(hold, { action: 'retry', by: 'owner' });
  }
  expect((await rig.operate(handle)).outcome).toBe('done');
  const files = origin.git('ls-tree', '-r', '--name-only', 'main').trim().split('\n');
  expect(files).toEqual(['README.md', ...Object.keys(cases).map((task) => `${task}.txt`)].toSorted());
  for (const task of Object.keys(cases)) expect(origin.read(`${task}.txt`)).toBe('2\n');
});

test('an agent that is not installed is said so, and a person may do the work and say done', async () => {
  const handle = await startTask('no-such-agent --task 1.1');
  const hold = await held(handle);
  expect(hold.why).toMatch(
    /^1 attempt failed; the last: the agent exited with code 127: a command was not found; see that it is installed/,
  );
  expect(await pullRequest(handle)).toContain('no-such-agent');
  origin.commit({ '1.1.txt': 'by hand\n' }, 'by hand', 'feature/1.1');
  expect((await decide(handle, hold, { action: 'done' })).outcome).toBe('done');
  expect(origin.read('1.1.txt')).toBe('by hand\n');
});

test('a secret that an agent prints or reports is in no record, comment, commit or history', async () => {
  const secrets = ['hunter2hunter2', 'ghp_0123456789abcdefghij0123456789abcdef'];
  const [password, token] = secrets;
  const said = JSON.stringify({ summary: `used token=${token}`, comment: `login with password: ${password}` });
  const run = `echo "password=${password}"; echo "cloned https://me:${token}@host/x"; echo '${said}' > "$JOINPOINT_RESULT_FILE"; echo x > 1.1.txt; [ "$JOINPOINT_ATTEMPT" != 1 ]`;
  const withheld = join(notes, 'agent.sh');
  // Outside the plan, which is recorded as it is.
  writeFileSync(withheld, run);
  const handle = await startTask(`. ${withheld}`, { attempts: 2 });
  expect((await rig.operate(handle)).outcome).toBe('done');
  const kept = origin.git('log', '--all', '-p', '--format=%B', '--text');
  expect(kept).toContain('[redacted]');
  const task = rig.server.client.workflow.getHandle(`${handle.workflowId}/task/1.1`);
  const histories = JSON.stringify([await task.fetchHistory(), await handle.fetchHistory()]);
  for (const secret of secrets) {
    expect(kept).not.toContain(secret);
    expect(histories).not.toContain(secret);
    expect(histories).not.toContain(Buffer.from(secret).toString('base64').slice(0, 12));
  }
});
