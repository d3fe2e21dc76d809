/** Watches a rollout to its end: a line for each change, an answer for each question where somebody is there to give it. */
import { setTimeout as delay } from 'node:timers/promises';
import { reasonOf } from '../worker/embedded/temporal-unavailable.js';
import type { Answer } from '../plan/question.js';
import { type Glance, renderChanges } from '../plan/render-changes.js';
import { cut, screenWidth } from '../plan/render-style.js';
import { renderQuestion } from '../plan/render-waiting.js';
import type { AddressedQuestion } from '../plan/status.js';
import { sendUpdate } from './answer.js';
import type { Context } from './context.js';
import { endedByServer, findRollout } from './list-rollouts.js';
import { historyMark } from './history-mark.js';
import { type Look, lookAt } from './look.js';
import { questionCommands } from './next-commands.js';
import { Refusal } from './refusal.js';
import type { Session } from './session.js';

export interface DriveOptions {
  readonly name: string;
  /** Answers a question when it comes up; none leaves it to other terminals. */
  readonly answer: (question: AddressedQuestion, whileOpen: AbortSignal) => Promise<readonly Answer[]>;
  /** Says that nobody will answer this: the drive then ends. */
  readonly givesUpOn: (question: AddressedQuestion) => boolean;
  readonly signal: AbortSignal;
  /** One line for a question that is answered at once anyway. */
  readonly brief?: boolean;
}

export type DriveEnd = 'ended' | 'interrupted' | 'gaveUp';

/** Questions of an example are answered at once: a longer pause would be most of what they cost. */
const lookEveryMs = 150;
/** A worker that is gone leaves no trace in a history, so it is asked now and then without news. */
const askAtLeastEveryMs = 3_000;
/** A moment's silence is not worth a line. */
const awayMs = 2_000;
/** A server that restarts is back within seconds. */
const patienceMs = 30_000;

/** Returns when the rollout has ended, somebody interrupts, or a question comes up that nobody will answer. */
export async function drive(context: Context, session: Session, options: DriveOptions): Promise<DriveEnd> {
  return new Drive(context, session, options).run();
}

class Drive {
  private before: Glance | undefined;
  private mark = '';
  private askedAt = 0;
  private readonly shown = new Set<string>();
  private readonly startedAt = Date.now();
  private prompt: { readonly key: string; readonly done: Promise<void>; readonly abort: AbortController } | undefined;
  private readonly held: string[] = [];

  constructor(
    private readonly context: Context,
    private readonly session: Session,
    private readonly options: DriveOptions,
  ) {}

  async run(): Promise<DriveEnd> {
    const { signal } = this.options;
    let lastSeenAt = Date.now();
    try {
      while (!signal.aborted) {
        try {
          const look = await this.lookForNews();
          lastSeenAt = Date.now();
          if (look && this.take(look)) return 'gaveUp';
          if ((look || this.isOver()) && (await this.hasClosed())) return 'ended';
        } catch (error) {
          if (await this.hasClosed().catch(() => false)) return 'ended';
          if (Date.now() - lastSeenAt > patienceMs) throw error;
          if (Date.now() - lastSeenAt > awayMs)
            this.sayOnce(`away-${lastSeenAt}`, `waits for the server or its worker: ${reasonOf(error)}`);
        }
        await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
      }
      return 'interrupted';
    } finally {
      await this.endPrompt();
    }
  }

  /** Nothing where the histories are as they were at the last look. */
  private async lookForNews(): Promise<Look | undefined> {
    const { name } = this.options;
    const mark = await historyMark(this.session, name, this.before?.rollout.openPhase);
    if (mark === this.mark && Date.now() - this.askedAt < askAtLeastEveryMs) return undefined;
    const look = await lookAt(this.session, name);
    this.mark = mark;
    this.askedAt = Date.now();
    return look;
  }

  /** Shows what is new and begins to ask; true when a question means that nobody goes on. */
  private take({ rollout, phases, questions }: Look): boolean {
    const phase = rollout.openPhase === undefined ? undefined : phases[rollout.openPhase];
    const now: Glance = { rollout, ...(phase && { phase }) };
    for (const line of renderChanges(this.before, now, this.context.style, lineWidth())) this.say(line);
    this.before = now;
    const open = new Set(questions.map(keyOf));
    if (this.prompt && !open.has(this.prompt.key)) this.prompt.abort.abort();
    for (const question of questions) {
      if (this.shown.has(keyOf(question)) || this.prompt) continue;
      this.shown.add(keyOf(question));
      if (this.options.givesUpOn(question)) {
        this.show(question, questions);
        return true;
      }
      this.begin(question, questions);
    }
    return false;
  }

  private begin(question: AddressedQuestion, questions: readonly AddressedQuestion[]): void {
    this.show(question, questions);
    const abort = new AbortController();
    const { signal } = this.options;
    const whileOpen = AbortSignal.any([abort.signal, signal]);
    const done = this.ask(question, whileOpen).finally(() => {
      this.prompt = undefined;
      for (const line of this.held.splice(0)) this.say(line);
    });
    this.prompt = { key: keyOf(question), done, abort };
  }

  private async ask(question: AddressedQuestion, whileOpen: AbortSignal): Promise<void> {
    try {
      for (const { action, ...said } of await this.options.answer(question, whileOpen)) {
        const message = await sendUpdate(this.session, {
          workflowId: question.workflowId,
          name: action,
          argument: { ...said, uid: this.before!.rollout.uid },
        });
        this.context.say(this.stamped(`  ${this.context.style.good('→')} ${message}, as ${said.by}`));
      }
    } catch (error) {
      if (this.options.signal.aborted) return;
      if (whileOpen.aborted) {
        this.context.say(`\n    ${question.subject}: answered elsewhere`);
        return;
      }
      // Refused, or not taken: the question is still open and is put again.
      this.context.say(this.stamped(`  ${error instanceof Refusal ? error.message : reasonOf(error)}`));
      this.shown.delete(keyOf(question));
      this.mark = '';
    }
  }

  private show(question: AddressedQuestion, questions: readonly AddressedQuestion[]): void {
    const { style } = this.context;
    if (this.options.brief && !this.options.givesUpOn(question)) {
      this.say(`  ${style.asks('?')} ${cut(`${question.subject}  ${question.why}`, lineWidth() - 4)}`);
      return;
    }
    const target = this.before!.rollout;
    const commands = questionCommands({ question, questions, target, command: this.session.command });
    for (const line of ['', ...renderQuestion(question, commands, Date.now(), style)]) this.context.say(line);
  }

  private async endPrompt(): Promise<void> {
    this.prompt?.abort.abort();
    await this.prompt?.done;
  }

  private isOver(): boolean {
    const status = this.before?.rollout.status;
    return status === 'done' || status === 'aborted';
  }

  /** Its last words come a moment before its end; what Temporal ended has none. */
  private async hasClosed(): Promise<boolean> {
    const listed = await findRollout(this.session, this.options.name);
    return listed?.isOpen === false && (this.isOver() || endedByServer(listed) !== undefined);
  }

  private sayOnce(key: string, line: string): void {
    if (this.shown.has(key)) return;
    this.shown.add(key);
    this.say(line);
  }

  /** Held back while a prompt has the terminal. */
  private say(line: string): void {
    if (this.prompt && this.context.isTerminal) this.held.push(line);
    else this.context.say(this.stamped(line));
  }

  private stamped(line: string): string {
    const seconds = Math.floor((Date.now() - this.startedAt) / 1_000);
    const clock = `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
    return `${this.context.style.faint(clock)}  ${line}`;
  }
}

/** What fits beside the clock; a log that is written to a file is cut nowhere. */
function lineWidth(): number {
  return process.stdout.isTTY === true ? screenWidth - 8 : Infinity;
}

function keyOf({ workflowId, id, askedAt }: AddressedQuestion): string {
  return `${workflowId} ${id} ${askedAt}`;
}
