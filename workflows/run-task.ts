/** One task: a branch, attempts by its agent with feedback, verification by joinpoint, and a person where that does not end well. */
import { CancellationScope } from '@temporalio/workflow';
import type { AttemptResult } from '../activities/attempts.js';
import type { Verdict } from '../gates/verdict.js';
import type { TaskBranch } from '../git/branch.js';
import { counted } from '../plan/counted.js';
import { overrideLets, overrideOf } from '../plan/override.js';
import type { Work } from '../plan/phase-state.js';
import { proofsOf } from '../plan/proofs.js';
import { verdictLines } from '../plan/status.js';
import type { TaskInput, TaskResult } from './contracts.js';
import { type Closed, Desk } from './desk.js';
import { engine } from './engine.js';
import { type PullRequestChange, updatePullRequest } from './pull-requests.js';
import { Reporter } from './reporter.js';
import { conflictFeedback, runAttempt } from './run-attempt.js';
import { Stillness } from './stillness.js';
import { untilDone } from './until-done.js';
import { idInPullRequest, provenBy, type Verification, verifyTask } from './verify-task.js';

export async function runTask(input: TaskInput): Promise<TaskResult> {
  const run = new TaskRun(input);
  try {
    return await run.run();
  } finally {
    await CancellationScope.nonCancellable(() => run.reporter.settle());
  }
}

/** An attempt's end: verified, or what to tell the agent, or what only a person can decide. */
type Attempt = { readonly head: string } & Verification;

class TaskRun {
  readonly reporter: Reporter;
  private readonly desk: Desk;
  private readonly stillness: Stillness;
  private readonly subject: string;
  private status = '';
  /** Of the branch's head; none where it has not been looked at. */
  private verdicts: readonly Verdict[] = [];
  /** Where they are kept. */
  private evidence: string | undefined;
  private verifications = 0;
  /** What a playbook wrote last: its stages, and where the branch was then. */
  private written: Pick<AttemptResult, 'head' | 'later'> | undefined;

  constructor(private readonly input: TaskInput) {
    this.subject = `task ${input.task.id}`;
    this.reporter = new Reporter(input.reportTo, this.subject);
    this.desk = new Desk({ subject: this.subject, uid: input.rollout.uid }, () => this.tell(this.status));
    this.stillness = new Stillness(input.paused);
  }

  private tell(status: string): void {
    this.status = status;
    this.reporter.tell({ status, questions: this.desk.questions, verdicts: verdictLines(this.verdicts) });
  }

  async run(): Promise<TaskResult> {
    const { rollout, task, start, stackOn } = this.input;
    const author = `Agent ${task.agent}`;
    const created = await this.desk.insist(
      this.subject,
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
    const opened = await this.desk.insist(
      this.subject,
      () => engine(rollout.settings, 'draft pull request').openPullRequest({ ...draft, at: Date.now() }),
      ['skip'],
    );
    return 'closed' in opened ? skipped(opened.closed) : this.work(branch);
  }

  private async work(branch: TaskBranch): Promise<TaskResult> {
    const { start } = this.input;
    let feedback: readonly string[] = [...start.feedback, ...conflictFeedback(branch)];
    let head = branch.head;
    for (let attempt = 1, left = this.input.attempts; ; attempt++) {
      await this.stillness.over();
      if (attempt > 1) this.tell(`attempt ${attempt}`);
      const outcome = await this.attempt(branch, attempt, head, feedback);
      if ('outcome' in outcome) return outcome;
      head = outcome.head;
      if (outcome.verified) return this.finish(branch, head);
      await this.comment(`feedback-${start.generation}-${attempt}`, 'joinpoint', outcome.feedback);
      left -= 1;
      feedback = [...feedback, outcome.feedback];
      if (left > 0 && !outcome.needsPerson) continue;
      const decided = await this.hold(
        branch,
        head,
        outcome.feedback,
        outcome.needsPerson ? '' : `${counted(attempt, 'attempt')} failed; the last: `,
      );
      if ('outcome' in decided) return decided;
      left = this.input.attempts;
      head = decided.head;
      if (decided.said) feedback = [...feedback, decided.said];
    }
  }

  private async attempt(
    branch: TaskBranch,
    attempt: number,
    head: string,
    feedback: readonly string[],
  ): Promise<Attempt | TaskResult> {
    const { agent } = this.input;
    if (agent.kind === 'human') {
      const done = await this.byHand(branch, agent.people, feedback);
      return 'outcome' in done ? done : this.verify(branch, done.head);
    }
    this.verdicts = [];
    const result = await runAttempt(this.input, agent, { branch, attempt, head, feedback });
    if ('refused' in result) return { head, verified: false, needsPerson: true, feedback: result.refused };
    if (result.comment)
      await this.comment(
        `agent-${this.input.start.generation}-${attempt}`,
        `Agent ${this.input.task.agent}`,
        result.comment,
      );
    const isPlaybook = this.input.task.playbook !== undefined;
    if (result.status === 'finished') {
      if (isPlaybook) this.written = result;
      const verified = await this.verify(branch, result.head);
      // A playbook would only do the same again.
      return verified.verified || !isPlaybook ? verified : { ...verified, needsPerson: true };
    }
    return {
      head: result.head,
      verified: false,
      needsPerson: isPlaybook,
      feedback: `the agent ${result.why}${result.excerpt ? `\n${result.excerpt}` : ''}`,
    };
  }

  /** A person works on the branch, in their own time, and says when it is done; what they say is then verified. */
  private async byHand(
    branch: TaskBranch,
    people: readonly string[],
    feedback: readonly string[],
  ): Promise<{ readonly head: string } | TaskResult> {
    const why = `work on branch ${branch.branch}, push it, then say done${feedback.length > 0 ? `; ${feedback.at(-1)}` : ''}`;
    const closed = await this.desk.ask({
      kind: 'work',
      subject: this.subject,
      why,
      forWhom: people,
      actions: ['done', 'skip'],
    });
    if (closed.action === 'skip') return skipped(closed);
    return this.collect(branch);
  }

  private async collect(branch: TaskBranch): Promise<{ readonly head: string } | TaskResult> {
    const { rollout } = this.input;
    const collected = await this.desk.insist(
      this.subject,
      () =>
        engine(rollout.settings, `read ${branch.branch}`).collectWork({
          rollout,
          branch: branch.branch,
          base: branch.base,
        }),
      ['skip'],
    );
    return 'closed' in collected ? skipped(collected.closed) : collected.done;
  }

  private async verify(branch: TaskBranch, head: string): Promise<Attempt> {
    const { rollout, task, start, staticChecks } = this.input;
    const key = `${start.generation}-${++this.verifications}`;
    const verified = await untilDone(this.desk, this.subject, () =>
      verifyTask({ rollout, task, staticChecks, key, base: branch.base, head }),
    );
    this.verdicts = verified.verdicts;
    this.evidence = verified.evidence;
    return verified;
  }

  /** Neither the agent nor joinpoint can go on: a person decides. A person's own work is verified like an agent's. */
  private async hold(
    branch: TaskBranch,
    head: string,
    feedback: string,
    prefix: string,
  ): Promise<TaskResult | { readonly head: string; readonly said?: string }> {
    const about = feedback.split('\n')[0]!;
    const hasWork = head !== branch.base;
    // Nobody lets through what nobody has looked at: what a failed agent left is not verified yet.
    if (hasWork && this.verdicts.length === 0) await this.verify(branch, head);
    const closed = await this.desk.ask({
      kind: 'hold',
      subject: this.subject,
      why: `${prefix}${about}`,
      actions: hasWork ? ['retry', 'done', 'override', 'skip'] : ['retry', 'done', 'skip'],
      ...(hasWork && {
        evidence: { commit: head, ...(this.evidence && { ref: this.evidence }), summary: overrideLets(this.verdicts) },
      }),
    });
    switch (closed.action) {
      case 'skip':
        return skipped(closed);
      case 'override':
        return this.finish(branch, head, overrideOf(closed.answer, about, this.verdicts));
      case 'done': {
        const collected = await this.collect(branch);
        if ('outcome' in collected) return collected;
        const verified = await this.verify(branch, collected.head);
        return verified.verified
          ? this.finish(branch, collected.head)
          : this.hold(branch, collected.head, verified.feedback, '');
      }
      default:
        return { head, ...(closed.answer.comment && { said: closed.answer.comment }) };
    }
  }

  /** Verified, or let through: a person ticks what no command can prove, then the pull request is ready. */
  private async finish(
    branch: TaskBranch,
    head: string,
    override?: ReturnType<typeof overrideOf>,
  ): Promise<TaskResult> {
    const { task, start } = this.input;
    const { checks, ticks: items } = proofsOf(task.deliverables, `${task.id}/d`);
    const proven = provenBy(this.verdicts, checks);
    if (items.length > 0) {
      const closed = await this.desk.ask({
        kind: 'ticks',
        subject: this.subject,
        why: 'a person has to confirm what no command can prove',
        actions: ['done', 'skip'],
        items,
      });
      if (closed.action === 'skip') return skipped(closed);
      proven.push(
        ...closed.ticks.map(({ id, by, evidence }) => ({ id: idInPullRequest(id), by: `${by} (claimed)`, evidence })),
      );
    }
    await this.update({
      key: `ready-${start.generation}`,
      status: 'ready',
      ticks: proven,
      ...(override && { comment: { by: 'joinpoint', text: override.said } }),
    });
    return {
      outcome: 'ready',
      work: {
        branch: branch.branch,
        base: branch.base,
        head,
        generation: start.generation,
        ...(override && { overridden: override.overridden }),
        ...this.stagesAt(head),
      },
    };
  }

  /** What a playbook's stages are to the fold; a branch that somebody went on from is replayed, stage by stage. */
  private stagesAt(head: string): Pick<Work, 'later' | 'byPlaybook'> {
    if (!this.written) return {};
    const { later = [] } = this.written;
    return { later, byPlaybook: this.written.head === head };
  }

  private comment(key: string, by: string, text: string): Promise<void> {
    return this.update({ key, comment: { by, text } });
  }

  private update(change: PullRequestChange): Promise<void> {
    const { rollout, task } = this.input;
    return untilDone(this.desk, this.subject, () => updatePullRequest(rollout, task.id, change));
  }
}

function skipped({ answer }: Closed): TaskResult {
  return { outcome: 'skipped', reason: answer.comment ?? 'no reason given', by: answer.by };
}
