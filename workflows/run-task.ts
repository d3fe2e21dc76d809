/** One task: a branch, attempts by its agent with feedback, verification by joinpoint, and a person where that does not end well. */
import { CancellationScope } from '@temporalio/workflow';
import type { TaskBranch } from '../git/branch.js';
import { counted } from '../plan/counted.js';
import type { TaskInput, TaskResult } from './contracts.js';
import { engine } from './engine.js';
import { finishTask } from './finish-task.js';
import { asItWas, holdTask, isAsItWas } from './hold-task.js';
import { conflictFeedback, runAttempt } from './run-attempt.js';
import { skipped, TaskRun } from './task-run.js';
import type { Verification } from './verify-task.js';

export async function runTask(input: TaskInput): Promise<TaskResult> {
  const run = new TaskRun(input);
  try {
    const branch = await begin(run);
    return 'outcome' in branch ? branch : await work(run, branch);
  } finally {
    await CancellationScope.nonCancellable(() => run.reporter.settle());
  }
}

/** An attempt's end: verified, or what to tell the agent, or what only a person can decide. */
type Attempt = { readonly head: string } & Verification;

/** The branch and its draft pull request. */
async function begin(run: TaskRun): Promise<TaskBranch | TaskResult> {
  const { rollout, task, start, stackOn } = run.input;
  const author = `Agent ${task.agent}`;
  const created = await run.desk.insist(
    run.subject,
    () =>
      engine(rollout.settings, `branch ${task.branch}`).createBranch({
        rollout,
        task: task.id,
        title: task.title,
        author,
        branch: task.branch,
        generation: start.generation,
        stackOn,
        at: Date.now(),
        ...(start.base && { base: start.base }),
        ...(start.replay && { replay: start.replay }),
      }),
    ['skip'],
  );
  if ('closed' in created) return skipped(created.closed);
  const branch = created.done;
  const draft = { rollout, task, generation: start.generation, branch: branch.branch, base: branch.base };
  const opened = await run.desk.insist(
    run.subject,
    () => engine(rollout.settings, 'draft pull request').openPullRequest({ ...draft, at: Date.now() }),
    ['skip'],
  );
  return 'closed' in opened ? skipped(opened.closed) : branch;
}

async function work(run: TaskRun, branch: TaskBranch): Promise<TaskResult> {
  const { start, attempts } = run.input;
  let feedback: readonly string[] = [...start.feedback, ...conflictFeedback(branch)];
  let head = branch.head;
  for (let attempt = 1, left = attempts; ; attempt++) {
    await run.stillness.over();
    if (attempt > 1) run.tell(`attempt ${attempt}`);
    const outcome = await tryOnce(run, branch, { attempt, head, feedback });
    if ('outcome' in outcome) return outcome;
    head = outcome.head;
    if (outcome.verified) return finishTask(run, branch, head);
    await run.comment(`feedback-${start.generation}-${attempt}`, 'joinpoint', outcome.feedback);
    left -= 1;
    feedback = [...feedback, outcome.feedback];
    if (left > 0 && !outcome.needsPerson) continue;
    const prefix = outcome.needsPerson ? '' : `${counted(attempt, 'attempt')} failed; the last: `;
    const decided = await holdTask(run, branch, { head, feedback: outcome.feedback, prefix });
    if ('outcome' in decided) return decided;
    left = attempts;
    head = decided.head;
    if (decided.said) feedback = [...feedback, decided.said];
  }
}

interface Trying {
  readonly attempt: number;
  readonly head: string;
  readonly feedback: readonly string[];
}

async function tryOnce(run: TaskRun, branch: TaskBranch, trying: Trying): Promise<Attempt | TaskResult> {
  const { agent, task, start } = run.input;
  const { attempt, head, feedback } = trying;
  if (agent.kind === 'human') {
    const done = await byHand(run, branch, agent.people, feedback);
    if ('outcome' in done) return done;
    if (isAsItWas(run, branch, done.head))
      return { ...done, verified: false, needsPerson: false, feedback: asItWas(branch) };
    return run.verify(branch, done.head);
  }
  run.verdicts = [];
  const isPlaybook = task.playbook !== undefined;
  const forAPerson = { verified: false, needsPerson: true } as const;
  // A playbook takes no feedback: a person hears it at once, on what they went on from, or else on what it writes anew.
  const said = start.feedback.at(-1);
  const unheard = task.playbook && attempt === 1 && said ? notHeard(said, task.playbook.name, branch) : undefined;
  if (unheard !== undefined && start.replay) return { head, ...forAPerson, feedback: unheard };
  const result = await runAttempt(run.input, agent, { branch, ...trying });
  if ('refused' in result) return { head, ...forAPerson, feedback: result.refused };
  if (result.comment) await run.comment(`agent-${start.generation}-${attempt}`, `Agent ${task.agent}`, result.comment);
  if (result.status === 'failed') {
    const why = `the agent ${result.why}${result.excerpt ? `\n${result.excerpt}` : ''}`;
    return { head: result.head, verified: false, needsPerson: isPlaybook, feedback: why };
  }
  if (isPlaybook) run.written = result;
  const verified = await run.verify(branch, result.head);
  if (unheard !== undefined) return { head: result.head, ...forAPerson, feedback: unheard };
  // A playbook would only do the same again.
  return verified.verified || !isPlaybook ? verified : { ...verified, needsPerson: true };
}

/** A person works on the branch, in their own time, and says when it is done; what they say is then verified. */
async function byHand(
  run: TaskRun,
  branch: TaskBranch,
  people: readonly string[],
  feedback: readonly string[],
): Promise<{ readonly head: string } | TaskResult> {
  const why = `work on branch ${branch.branch}, push it, then say done${feedback.length > 0 ? `; ${feedback.at(-1)}` : ''}`;
  const closed = await run.desk.ask({
    kind: 'work',
    subject: run.subject,
    why,
    forWhom: people,
    actions: ['done', 'skip'],
  });
  return closed.action === 'skip' ? skipped(closed) : run.collect(branch);
}

function notHeard(said: string, playbook: string, { branch }: TaskBranch): string {
  return `${said}; playbook ${playbook} reads no feedback, so mend ${branch} by hand, push, and say done`;
}
