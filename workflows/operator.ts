/** What an operator may tell a rollout as a whole: pause, resume, abort, roll back to a checkpoint. */
import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import { ApplicationFailure, log, setHandler } from '@temporalio/workflow';
import { type Asker, misaddressed } from '../plan/question.js';
import * as messages from './messages.js';
import type { AbortRequest, PauseRequest, Request, RollbackRequest } from './messages.js';

/** The rollout as these messages see it. */
export interface Operated {
  readonly name: string;
  readonly uid: string;
  isPaused(): boolean;
  pause(paused: boolean): void;
  isInterrupted(): boolean;
  /** Nothing is left but to keep its last words. */
  hasEnded(): boolean;
  interrupt(interrupt: { kind: 'abort'; request: AbortRequest } | { kind: 'rollback'; request: RollbackRequest }): void;
  /** Phases with a checkpoint, in order. */
  checkpoints(): readonly string[];
}

interface Message<R extends Request> {
  readonly update: UpdateDefinition<string, [R]>;
  readonly signal: SignalDefinition<[R]>;
  /** Why the message is refused, or undefined. */
  readonly refusal: (request: R) => string | undefined;
  readonly act: (request: R) => string;
}

/** Registers an Update with its validator and the plain Signal beside it. */
function listen<R extends Request>(asker: Asker, { update, signal, refusal, act }: Message<R>): void {
  const refusedFor = (request: R): string | undefined => misaddressed(asker, request) ?? refusal(request);
  setHandler(update, act, {
    validator: (request: R) => {
      const why = refusedFor(request);
      if (why) throw ApplicationFailure.nonRetryable(why, 'answerRefused');
    },
  });
  setHandler(signal, (request: R) => {
    const why = refusedFor(request);
    if (why) log.warn(`signal ignored: ${why}`);
    else act(request);
  });
}

export function listenToOperator(rollout: Operated): void {
  const subject = `rollout ${rollout.name}`;
  const asker: Asker = { subject, uid: rollout.uid };
  const tooLate = (): string | undefined =>
    rollout.isInterrupted()
      ? `${subject}: is being aborted or rolled back already; wait for it`
      : rollout.hasEnded()
        ? `${subject}: has carried out its last phase, and only keeps its last words`
        : undefined;
  listen<PauseRequest>(asker, {
    update: messages.pauseUpdate,
    signal: messages.pauseSignal,
    refusal: () => (rollout.isPaused() ? `${subject}: is paused already; resume it with joinpoint resume` : undefined),
    act: ({ by }) => {
      rollout.pause(true);
      return `${subject}: paused by ${by}; what runs is finished, nothing new begins`;
    },
  });
  listen<PauseRequest>(asker, {
    update: messages.resumeUpdate,
    signal: messages.resumeSignal,
    refusal: () => (rollout.isPaused() ? undefined : `${subject}: is not paused`),
    act: ({ by }) => {
      rollout.pause(false);
      return `${subject}: resumed by ${by}`;
    },
  });
  listen<AbortRequest>(asker, {
    update: messages.abortUpdate,
    signal: messages.abortSignal,
    refusal: tooLate,
    act: (request) => {
      rollout.interrupt({ kind: 'abort', request });
      return `${subject}: aborting; agents are stopped${request.keep ? ', nothing is undone' : ' and the open phase is undone'}`;
    },
  });
  listen<RollbackRequest>(asker, {
    update: messages.rollbackToUpdate,
    signal: messages.rollbackToSignal,
    refusal: ({ to, comment }) => {
      const late = tooLate();
      if (late) return late;
      if (!comment?.trim()) return `${subject}: a rollback needs a reason; give it with -m TEXT`;
      const known = ['start', ...rollout.checkpoints()];
      return known.includes(to)
        ? undefined
        : `${subject}: has no checkpoint ${to}; roll back to one of ${known.join(', ')}`;
    },
    act: (request) => {
      rollout.interrupt({ kind: 'rollback', request });
      return `${subject}: rolling back to ${request.to}`;
    },
  });
}
