/** Turns Ctrl-C, SIGTERM and a closed terminal into one orderly stop, and a second Ctrl-C into an end at once. */
import { setTimeout as delay } from 'node:timers/promises';

export interface Interruption {
  readonly signal: AbortSignal;
  /** Resolves at the first signal, never rejects. */
  readonly happened: Promise<void>;
  /** Acts like Ctrl-C, for a prompt that took the key. */
  readonly interrupt: () => void;
  stopListening(): void;
}

/** npm passes on a Ctrl-C that the terminal has delivered already: such an echo is not a second one. */
const echoMs = 700;
/** What does not end within this is left: nobody who types Ctrl-C twice wants to wait. */
const endNowMs = 2_000;

/**
 * Listens until told otherwise; `onFirst` tells the person what happens now, `endNow` ends at the second signal
 * what would outlive this process.
 */
export function listenForInterruption(onFirst: () => void, endNow: () => Promise<void>): Interruption {
  const controller = new AbortController();
  const { signal } = controller;
  const happened = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  let firstAt = 0;
  let isEnding = false;
  const interrupt = (): void => {
    if (firstAt === 0) {
      firstAt = Date.now();
      onFirst();
      controller.abort();
    } else if (Date.now() - firstAt > echoMs && !isEnding) {
      isEnding = true;
      void Promise.race([endNow().catch(() => undefined), delay(endNowMs)]).finally(() => process.exit(130));
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, interrupt);
  return {
    signal,
    happened,
    interrupt,
    stopListening: () => {
      for (const name of signals) process.off(name, interrupt);
    },
  };
}
