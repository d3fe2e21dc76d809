/** One run of a task: what it is given, what was seen of its work, and what its steps share. */
import type { AttemptResult } from '../activities/attempts.js';
import type { Verdict } from '../gates/verdict.js';
import type { TaskBranch } from '../git/branch.js';
import { verdictLines } from '../plan/status.js';
import type { TaskInput, TaskResult } from './contracts.js';
import { type Closed, Desk } from './desk.js';
import { engine } from './engine.js';
import { type PullRequestChange, updatePullRequest } from './pull-requests.js';
import { Reporter } from './reporter.js';
import { Stillness } from './stillness.js';
import { untilDone } from './until-done.js';
import { type Verification, verifyTask } from './verify-task.js';

export class TaskRun {
  readonly reporter: Reporter;
  readonly desk: Desk;
  readonly stillness: Stillness;
  readonly subject: string;
  /** Of the branch's head; none where it has not been looked at. */
  verdicts: readonly Verdict[] = [];
  /** Where they are kept. */
  evidence: string | undefined;
  /** What a playbook wrote last: its stages, and where the branch was then. */
  written: Pick<AttemptResult, 'head' | 'later' | 'isMixed'> | undefined;
  private status = '';
  private verifications = 0;

  constructor(readonly input: TaskInput) {
    this.subject = `task ${input.task.id}`;
    this.reporter = new Reporter(input.reportTo, this.subject);
    this.desk = new Desk({ subject: this.subject, uid: input.rollout.uid }, () => this.tell(this.status));
    this.stillness = new Stillness(input.paused);
  }

  tell(status: string): void {
    this.status = status;
    this.reporter.tell({ status, questions: this.desk.questions, verdicts: verdictLines(this.verdicts) });
  }

  /** Where a person has left the branch. */
  async collect(branch: TaskBranch): Promise<{ readonly head: string } | TaskResult> {
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

  async verify(branch: TaskBranch, head: string): Promise<{ readonly head: string } & Verification> {
    const { rollout, task, start, staticChecks } = this.input;
    const key = `${start.generation}-${++this.verifications}`;
    const verified = await untilDone(this.desk, this.subject, () =>
      verifyTask({ rollout, task, staticChecks, key, base: branch.base, head }),
    );
    this.verdicts = verified.verdicts;
    this.evidence = verified.evidence;
    return verified;
  }

  comment(key: string, by: string, text: string): Promise<void> {
    return this.update({ key, comment: { by, text } });
  }

  update(change: PullRequestChange): Promise<void> {
    const { rollout, task } = this.input;
    return untilDone(this.desk, this.subject, () => updatePullRequest(rollout, task.id, change));
  }
}

export function skipped({ answer }: Closed): TaskResult {
  return { outcome: 'skipped', reason: answer.comment ?? 'no reason given', by: answer.by };
}
