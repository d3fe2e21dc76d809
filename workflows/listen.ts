/** Hears what people say to a workflow: an Update with its validator, and beside it the plain Signal, which may come from any hand. */
import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import { ApplicationFailure, log, setHandler } from '@temporalio/workflow';
import { type Asker, misdirected } from '../plan/message.js';
import type { Request } from './messages.js';

export interface Message<R extends Request> {
  readonly update: UpdateDefinition<string, [R]>;
  readonly signal: SignalDefinition<[R]>;
  /** Why the message is refused, or undefined. */
  readonly refusal: (request: R) => string | undefined;
  /** Does what it says, and returns what its sender is told. */
  readonly act: (request: R) => string;
}

/** A refused Update is rejected with the reason, a refused Signal is ignored with a warning; neither `refusal` nor `act` sees what has not the shape of a message. */
export function listen<R extends Request>(asker: Asker, { update, signal, refusal, act }: Message<R>): void {
  const refusedFor = (request: R): string | undefined => misdirected(asker, request) ?? refusal(request);
  setHandler(update, act, {
    validator: (request: R) => {
      const why = refusedFor(request);
      if (why) throw ApplicationFailure.nonRetryable(why, 'answerRefused');
    },
  });
  setHandler(signal, (request: R) => {
    const why = refusedFor(request);
    if (why) log.warn(`signal ${signal.name} ignored: ${why}`);
    else act(request);
  });
}
