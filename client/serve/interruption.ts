/** Turns Ctrl-C, SIGTERM and a closed terminal into one orderly stop, and a second Ctrl-C into an end at once. */

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

/** Listens until told otherwise; `onFirst` tells the person what happens now. */
export function listenForInterruption(onFirst: () => void): Interruption {
  const controller = new AbortController();
  const { signal } = controller;
  const happened = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  let firstAt = 0;
  const interrupt = (): void => {
    if (firstAt === 0) {
      firstAt = Date.now();
      onFirst();
      controller.abort();
    } else if (Date.now() - firstAt > echoMs) process.exit(130);
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
