/** Owns the two reasons to end a command early: its time is over, or its caller no longer wants it. */

import { setTimeout as sleep } from 'node:timers/promises';

/** Node's timers wrap around beyond this and fire at once. */
const longestTimerMs = 2 ** 31 - 1;

export interface Interruption {
  readonly requested: Promise<'timeout' | 'aborted'>;
  /** Lets go of the timer and the signal. Idempotent. */
  readonly cancel: () => void;
}

/** Begins counting at once. */
export function interruption(timeoutMs: number, signal: AbortSignal | undefined): Interruption {
  let resolve: (reason: 'timeout' | 'aborted') => void;
  const requested = new Promise<'timeout' | 'aborted'>((settle) => (resolve = settle));
  const onAbort = (): void => resolve('aborted');
  const timer = setTimeout(() => resolve('timeout'), Math.min(timeoutMs, longestTimerMs));
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    requested,
    cancel: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

/** Answers undefined when the promise takes longer; leaves no timer behind. */
export async function within<T>(limitMs: number, promise: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([promise, sleep(limitMs, undefined, { signal: over.signal })]);
  } finally {
    over.abort();
  }
}
