/** Keeps the server of a home running while `up` runs. */
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning } from '../../activities/process/process-identity.js';
import type { ServerRecord } from './server-record.js';
import { stopServer } from './server.js';
import { spawnServer, type ServerOptions } from './spawn-server.js';
import { reasonOf } from './temporal-unavailable.js';

/** What happened to a supervised server. */
export type ServerEvent =
  | { readonly kind: 'died'; readonly record: ServerRecord }
  | { readonly kind: 'restarted'; readonly record: ServerRecord; readonly downMs: number }
  | { readonly kind: 'restartFailed'; readonly reason: string; readonly nextAttemptMs: number };

/** A server that is restarted until it is stopped. */
export interface SupervisedServer {
  /** The process that serves now, or served last. */
  current(): ServerRecord;
  /** Ends supervision, then the server; idempotent. */
  stop(): Promise<void>;
}

/** Looking costs a read of /proc on Linux and a run of ps elsewhere. */
const pollMs = process.platform === 'linux' ? 200 : 1_000;
const longestBackoffMs = 10_000;
const steadyMs = 30_000;

/**
 * Restarts the server at once, on the ports where its clients look for it, whenever its process is gone; a
 * server that dies again soon waits longer each time. Works for an adopted server too, since it polls.
 */
export function superviseServer(
  options: ServerOptions,
  server: ServerRecord,
  onEvent: (event: ServerEvent) => void,
): SupervisedServer {
  const ending = new AbortController();
  let record = server;

  const supervise = async (): Promise<void> => {
    let backoffMs = 0;
    while (!ending.signal.aborted) {
      if (await isRunning(record.process)) {
        await pause(pollMs, ending.signal);
        continue;
      }
      const diedAt = Date.now();
      onEvent({ kind: 'died', record });
      if (diedAt - Date.parse(record.startedAt) > steadyMs) backoffMs = 0;
      for (;;) {
        await pause(backoffMs, ending.signal);
        if (ending.signal.aborted) return;
        backoffMs = Math.min(longestBackoffMs, backoffMs * 2 || 250);
        try {
          record = await spawnServer(options, server);
          onEvent({ kind: 'restarted', record, downMs: Date.now() - diedAt });
          break;
        } catch (error) {
          onEvent({ kind: 'restartFailed', reason: reasonOf(error), nextAttemptMs: backoffMs });
        }
      }
    }
  };

  const supervision = supervise();
  // Awaited by stop(); until then a failure must not end the process.
  supervision.catch((error: unknown) => {
    onEvent({ kind: 'restartFailed', reason: reasonOf(error), nextAttemptMs: Infinity });
  });
  return {
    current: () => record,
    stop: async () => {
      ending.abort();
      await supervision.catch(() => undefined);
      await stopServer(record);
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // Unreferenced: supervision alone keeps no process alive.
  await delay(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
