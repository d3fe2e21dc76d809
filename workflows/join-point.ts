/** A join point: what it is given, what may come of it, and what its steps share. */
import type { Waivers } from '../gates/check.js';
import type { Verdict } from '../gates/verdict.js';
import { durationMs } from '../plan/duration.js';
import type { Reopening } from '../plan/phase-state.js';
import { tasksOf, type Undone } from '../plan/landed.js';
import type { Compensation } from '../plan/rollout.js';
import type { Approval } from '../plan/schema.js';
import { verdictLines } from '../plan/status.js';
import type { JoinPointInput } from './contracts.js';
import { type Closed, Desk } from './desk.js';
import { LandingLock } from './lock.js';
import type { Minutes } from './minutes.js';
import { noteDecision } from './prove.js';
import { markPullRequests, markUndone } from './pull-requests.js';
import { Reporter } from './reporter.js';
import { Stillness } from './stillness.js';

/** An approval or a sign-off, as its question shows it. */
interface Asking {
  readonly approval: Approval;
  readonly why: string;
  readonly evidence: { readonly commit?: string; readonly ref?: string; readonly summary: string };
}

export class JoinPoint {
  readonly reporter: Reporter;
  readonly desk: Desk;
  readonly stillness: Stillness;
  readonly lock: LandingLock;
  readonly minutes = {
    approvals: [] as Minutes['approvals'][number][],
    ticks: [] as Minutes['ticks'][number][],
    history: [] as string[],
  };
  verdicts: readonly Verdict[] = [];
  landed: readonly Compensation[];
  /** Tasks of this phase that are on the target: what it landed, or found there. */
  onTarget: readonly string[];
  /** The target's head after its own landing, proven by the gates. */
  landedHead: string | undefined;
  /** What a person let through of the gates, here or in the phase's join points before. */
  waivers: Waivers;
  /** Milliseconds since the epoch, while it waits for a time. */
  until: number | undefined;
  private status = '';

  constructor(readonly input: JoinPointInput) {
    this.reporter = new Reporter(input.reportTo, input.subject);
    this.desk = new Desk({ subject: input.subject, uid: input.rollout.uid }, () => this.tell(this.status));
    // Signals that came before are heard as soon as somebody listens: what they are passed on to has to be there.
    this.lock = new LandingLock(
      (status) => this.tell(status),
      () => this.stillness.isStill,
    );
    this.stillness = new Stillness(input.paused, (still) => this.lock.holdStill(still));
    this.landed = input.landedBefore;
    this.waivers = input.waivers;
    this.onTarget = tasksOf(input.landedBefore);
  }

  tell(status: string): void {
    this.status = status;
    this.reporter.tell({
      status,
      questions: this.desk.questions,
      verdicts: verdictLines(this.verdicts),
      ...(this.onTarget.length > 0 && { landed: this.onTarget }),
      ...(this.until !== undefined && { until: this.until }),
    });
  }

  /** Asks the approvers; the answers that count go into the minutes. */
  async ask(kind: 'approval' | 'signOff', { approval, why, evidence }: Asking): Promise<Closed> {
    const { subject, authors } = this.input;
    const closed = await this.desk.ask({
      kind,
      subject,
      why,
      forWhom: approval.approvers,
      need: approval.need,
      authors,
      escalateTo: approval.escalateTo,
      ...(approval.deadline && { deadlineMs: durationMs(approval.deadline) }),
      actions: ['approve', 'reject'],
      tasks: [...new Set([...tasksOf(this.landed), ...this.ownTasks()])],
      evidence,
    });
    for (const answer of closed.action === 'approve' ? closed.approvals : [closed.answer])
      this.minutes.approvals.push({ what: kind, answer });
    return closed;
  }

  async note(closed: Closed, about: string): Promise<void> {
    this.minutes.history.push(await noteDecision(this.input, closed, about));
  }

  ownTasks(): readonly string[] {
    return this.input.units.map(({ task }) => task.id);
  }

  /** Says on the pull requests of its own tasks that their work has landed. */
  markLanded(text: string): Promise<void> {
    const { rollout, n, subject } = this.input;
    const change = { key: `landed-${n}`, status: 'landed', comment: { by: subject, text } } as const;
    return this.say(() => markPullRequests(rollout, this.ownTasks(), change));
  }

  /** Says on pull requests what an undo made of their work, and what it left. */
  markUndone(undone: Undone, why: string): Promise<void> {
    const { rollout, n, subject } = this.input;
    return this.say(() => markUndone(rollout, undone, { key: `${n}`, by: subject, why }));
  }

  /** A comment that the origin declines for good is a person's to leave out. */
  private async say(comment: () => Promise<void>): Promise<void> {
    const said = await this.desk.insist(this.input.subject, comment, ['skip']);
    if ('closed' in said) await this.note(said.closed, 'not every pull request says what became of its work');
  }
}

/** The tasks that a rejection named, with what was said. */
export function reopened({ answer }: Closed): readonly Reopening[] {
  return (answer.tasks ?? []).map((task) => ({ task, feedback: `${answer.by} rejected it: ${answer.comment}` }));
}
