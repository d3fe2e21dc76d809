/** What an operator may tell a rollout as a whole: pause, resume, abort, roll back to a checkpoint. */
import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import { ApplicationFailure, log, setHandler } from '@temporalio/workflow';
import * as messages from './messages.js';
import type { AbortRequest, PauseRequest, RollbackRequest } from './messages.js';

/** The rollout as these messages see it. */
export interface Operated {
  readonly name: string;
  isPaused(): boolean;
  pause(paused: boolean): void;
  isInterrupted(): boolean;
  interrupt(interrupt: { kind: 'abort'; request: AbortRequest } | { kind: 'rollback'; request: RollbackRequest }): void;
  /** Phases with a checkpoint, in order. */
  checkpoints(): readonly string[];
}

interface Message<R> {
  readonly update: UpdateDefinition<string, [R]>;
  readonly signal: SignalDefinition<[R]>;
  /** Why the message is refused, or undefined. */
  readonly refusal: (request: R) => string | undefined;
  readonly act: (request: R) => string;
}

/** Registers an Update with its validator and the plain Signal beside it. */
function listen<R>({ update, signal, refusal, act }: Message<R>): void {
  setHandler(update, act, {
    validator: (request: R) => {
      const why = refusal(request);
      if (why) throw ApplicationFailure.nonRetryable(why, 'answerRefused');
    },
  });
  setHandler(signal, (request: R) => {
    const why = refusal(request);
    if (why) log.warn(`signal ignored: ${why}`);
    else act(request);
  });
}

export function listenToOperator(rollout: Operated): void {
  const subject = `rollout ${rollout.name}`;
  listen<PauseRequest>({
    update: messages.pauseUpdate,
    signal: messages.pauseSignal,
    refusal: () => (rollout.isPaused() ? `${subject}: is paused already; resume it with joinpoint resume` : undefined),
    act: ({ by }) => {
      rollout.pause(true);
      return `${subject}: paused by ${by}; what runs is finished, nothing new begins`;
    },
  });
  listen<PauseRequest>({
    update: messages.resumeUpdate,
    signal: messages.resumeSignal,
    refusal: () => (rollout.isPaused() ? undefined : `${subject}: is not paused`),
    act: ({ by }) => {
      rollout.pause(false);
      return `${subject}: resumed by ${by}`;
    },
  });
  listen<AbortRequest>({
    update: messages.abortUpdate,
    signal: messages.abortSignal,
    refusal: () =>
      rollout.isInterrupted() ? `${subject}: is being aborted or rolled back already; wait for it` : undefined,
    act: (request) => {
      rollout.interrupt({ kind: 'abort', request });
      return `${subject}: aborting; agents are stopped${request.keep ? ', nothing is undone' : ' and the open phase is undone'}`;
    },
  });
  listen<RollbackRequest>({
    update: messages.rollbackToUpdate,
    signal: messages.rollbackToSignal,
    refusal: ({ to, comment }) => {
      if (rollout.isInterrupted()) return `${subject}: is being aborted or rolled back already; wait for it`;
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
