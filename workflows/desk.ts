/** The desk of a workflow: its open questions, the messages that answer them, and what it reports to whoever shows it. */
import { ApplicationFailure, condition } from '@temporalio/workflow';
import type { Asker } from '../plan/message.js';
import {
  type Action,
  type Answer,
  judgeAnswer,
  type Judgement,
  meantBy,
  type OpenQuestion,
  type Question,
  stillAsked,
  type Tick,
} from '../plan/question.js';
import { terminalMessage } from './engine.js';
import { listen } from './listen.js';
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
  private readonly open = new Map<string, { readonly state: OpenQuestion; readonly closedBy?: Answer }>();
  private asked = 0;

  /**
   * Registers the handlers, so that answers which come early are refused and not lost in a buffer.
   * @param changed is called whenever the open questions change.
   */
  constructor(
    private readonly asker: Asker,
    private readonly changed: () => void,
  ) {
    for (const [action, update, signal] of updates)
      listen(asker, {
        update,
        signal,
        refusal: (said) => this.refusal({ ...said, action }),
        act: (said) => this.take({ ...said, action }),
      });
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
    const why = `${question.why} (deadline passed${beyond})`;
    this.open.set(id, { ...entry, state: { ...entry.state, question: { ...question, why } } });
    this.changed();
  }

  private judge(answer: Answer): Judgement {
    const waiting = [...this.open.values()].flatMap(({ state, closedBy }) => (closedBy ? [] : [state]));
    const meant = meantBy(answer, waiting);
    return 'refusal' in meant
      ? { accepted: false, message: `${this.asker.subject}: ${meant.refusal}` }
      : judgeAnswer(meant.open, answer, Date.now());
  }

  private refusal(answer: Answer): string | undefined {
    const judgement = this.judge(answer);
    return judgement.accepted ? undefined : judgement.message;
  }

  /** The answer was judged right before; judging again gives the next state. */
  private take(answer: Answer): string {
    const judgement = this.judge(answer);
    if (!judgement.accepted) throw ApplicationFailure.nonRetryable(judgement.message, 'answerRefused');
    const { next, closedBy } = judgement;
    this.open.set(next.question.id, { state: next, ...(closedBy && { closedBy }) });
    if (!closedBy) this.changed();
    return `${next.question.subject}: ${answer.action} taken${closedBy ? '' : '; more is needed'}`;
  }
}

/** The time makes it unique over all runs of a workflow's id. */
function questionId(kind: Question['kind'], count: number, askedAt: number): string {
  return `${kind}-${count}-${askedAt.toString(36)}`;
}
