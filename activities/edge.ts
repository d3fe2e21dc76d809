/** The edge between activities and Temporal: heartbeats, cancellation and which errors are retried. */
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { RolloutError } from '../plan/rollout-error.js';

/** A beat this often keeps any heartbeat time-out of two seconds or more. */
const beatEveryMs = 500;

type Activity<A extends unknown[], R> = (...args: A) => Promise<R>;

/**
 * Wraps an activity: beats while it works, so that a dead worker is seen within the heartbeat time-out and a
 * cancellation arrives; a `RolloutError` becomes a non-retryable failure, everything else is retried.
 */
export function atEdge<A extends unknown[], R>(work: Activity<A, R>): Activity<A, R> {
  return async (...args) => {
    const context = Context.current();
    const beat = setInterval(() => context.heartbeat(), beatEveryMs);
    try {
      return await work(...args);
    } catch (error) {
      throw asFailure(error);
    } finally {
      clearInterval(beat);
    }
  };
}

function asFailure(error: unknown): unknown {
  if (!(error instanceof RolloutError)) return error;
  return ApplicationFailure.create({ message: error.message, type: error.code, nonRetryable: true, cause: error });
}

/** Aborts with Temporal's own reason when the activity is cancelled or its worker shuts down. */
export function cancellation(): AbortSignal {
  return Context.current().cancellationSignal;
}
