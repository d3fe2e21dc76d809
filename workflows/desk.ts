/** The desk of a workflow: its open questions, the messages that answer them, and what it reports to whoever shows it. */
import { ApplicationFailure, condition, log, setHandler } from '@temporalio/workflow';
import {
  type Action,
  type Answer,
  type Asker,
  judgeAnswer,
  misaddressed,
  type OpenQuestion,
  type Question,
  stillAsked,
  type Tick,
} from '../plan/question.js';
import { terminalMessage } from './engine.js';
import * as messages from './messages.js';

/** How a question was closed: by whom and how, with everything said before. */
export interface Closed {
  readonly action: Action;
  readonly answer: Answer;
  readonly approvals: readonly Answer[];
  readonly ticks: readonly Tick[];
}

/** What a caller knows of a question; the desk adds its id, its times and the defaults. */
export type Asked = Pick<Question, 'kind' | 'subject' | 'why' | 'actions'> &
  Partial<Omit<Question, 'id' | 'askedAt'>> & { readonly deadlineMs?: number };

const updates = [
  ['approve', messages.approveUpdate, messages.approveSignal],
  ['reject', messages.rejectUpdate, messages.rejectSignal],
  ['retry', messages.retryUpdate, messages.retrySignal],
  ['skip', messages.skipUpdate, messages.skipSignal],
  ['override', messages.overrideUpdate, messages.overrideSignal],
  ['rollback', messages.rollbackUpdate, messages.rollbackSignal],
  ['done', messages.doneUpdate, messages.doneSignal],
] as const;

export class Desk {
  private readonly open = new Map<string, { state: OpenQuestion; closedBy?: Answer }>();
  private asked = 0;

  /**
   * Registers the handlers, so that answers which come early are refused and not lost in a buffer.
   * @param changed is called whenever the open questions change.
   */
  constructor(
    private readonly asker: Asker,
    private readonly changed: () => void,
  ) {
    for (const [action, update, signal] of updates) {
      setHandler(update, (said) => this.take({ ...said, action }), {
        validator: (said) => this.validate({ ...said, action }),
      });
      setHandler(signal, (said) => {
        const refusal = this.refusal({ ...said, action });
        if (refusal) log.warn(`signal ${action} ignored: ${refusal}`);
        else this.take({ ...said, action });
      });
    }
  }

  get questions(): readonly Question[] {
    return [...this.open.values()].map(({ state }) => stillAsked(state));
  }

  /** Asks and waits, for weeks if need be; after the deadline the people it escalates to may answer too. */
  async ask({ deadlineMs, ...asked }: Asked): Promise<Closed> {
    const askedAt = Date.now();
    const id = questionId(asked.kind, ++this.asked, askedAt);
    const question: Question = {
      forWhom: [],
      need: 1,
      authors: [],
      escalateTo: [],
      tasks: [],
      items: [],
      ...asked,
      id,
      askedAt,
      ...(deadlineMs !== undefined && { deadlineAt: askedAt + deadlineMs }),
    };
    this.open.set(id, { state: { question, approvals: [], ticks: [] } });
    this.changed();
    try {
      const isClosed = (): boolean => this.open.get(id)?.closedBy !== undefined;
      if (
        deadlineMs !== undefined &&
        !(await condition(isClosed, deadlineMs, { summary: `deadline: ${asked.subject}` }))
      )
        this.escalate(id);
      await condition(isClosed);
      const { state, closedBy } = this.open.get(id)!;
      return { action: closedBy!.action, answer: closedBy!, approvals: state.approvals, ticks: state.ticks };
    } finally {
      this.open.delete(id);
      this.changed();
    }
  }

  /**
   * Takes a step that only a person can mend when it fails for good: holds with the reason, and tries again on `retry`.
   * Other actions of the hold are the caller's: it gets the closed question.
   */
  async insist<T>(
    subject: string,
    step: () => Promise<T>,
    otherwise: readonly Action[] = [],
  ): Promise<{ readonly done: T } | { readonly closed: Closed }> {
    for (;;) {
      try {
        return { done: await step() };
      } catch (error) {
        const why = terminalMessage(error);
        if (why === undefined) throw error;
        const closed = await this.ask({ kind: 'hold', subject, why, actions: ['retry', ...otherwise] });
        if (closed.action !== 'retry') return { closed };
      }
    }
  }

  private escalate(id: string): void {
    const entry = this.open.get(id)!;
    const { question } = entry.state;
    const beyond = question.escalateTo.length > 0 ? `; ${question.escalateTo.join(', ')} may answer too` : '';
    entry.state = { ...entry.state, question: { ...question, why: `${question.why} (deadline passed${beyond})` } };
    this.changed();
  }

  private find(answer: Answer): { state: OpenQuestion; closedBy?: Answer } | undefined {
    const waiting = [...this.open.values()].filter(({ closedBy }) => closedBy === undefined);
    if (answer.question) return waiting.find(({ state }) => state.question.id === answer.question);
    return waiting.find(({ state }) => state.question.actions.includes(answer.action)) ?? waiting[0];
  }

  private refusal(answer: Answer): string | undefined {
    const stray = misaddressed(this.asker, answer);
    if (stray) return stray;
    const entry = this.find(answer);
    if (!entry) return `${this.asker.subject}: nothing waits for ${answer.action} here; see joinpoint status`;
    const judgement = judgeAnswer(entry.state, answer, Date.now());
    return judgement.accepted ? undefined : judgement.message;
  }

  private validate(answer: Answer): void {
    const refusal = this.refusal(answer);
    if (refusal) throw ApplicationFailure.nonRetryable(refusal, 'answerRefused');
  }

  /** The answer was judged in the validator or right before; judging again gives the next state. */
  private take(answer: Answer): string {
    const entry = this.find(answer)!;
    const judgement = judgeAnswer(entry.state, answer, Date.now());
    if (!judgement.accepted) throw ApplicationFailure.nonRetryable(judgement.message, 'answerRefused');
    entry.state = judgement.next;
    if (judgement.closedBy) entry.closedBy = judgement.closedBy;
    else this.changed();
    return `${entry.state.question.subject}: ${answer.action} taken${judgement.closedBy ? '' : '; more is needed'}`;
  }
}

/** The time makes it unique over all runs of a workflow's id. */
function questionId(kind: Question['kind'], count: number, askedAt: number): string {
  return `${kind}-${count}-${askedAt.toString(36)}`;
}
