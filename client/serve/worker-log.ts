/** Sends the words of Temporal's runtime to a file of the home, so that screens stay readable. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';

const limitBytes = 10_000_000;

/**
 * Installs the process's Temporal runtime: warnings go to `<home>/logs/worker.log`, and signals stay ours.
 * Call it once, before anything else of `@temporalio/worker`.
 */
export function installRuntime(home: string): string {
  const path = join(home, 'logs', 'worker.log');
  mkdirSync(dirname(path), { recursive: true });
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > limitBytes) renameSync(path, `${path}.1`);
  const logger = new DefaultLogger('WARN', ({ level, timestampNanos, message, meta }) => {
    const at = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
    appendFileSync(path, `${at} ${level} ${message}${meta === undefined ? '' : ` ${asText(meta)}`}\n`);
  });
  Runtime.install({
    logger,
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' }, forward: {} } },
  });
  return path;
}

function asText(meta: unknown): string {
  return JSON.stringify(meta, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value instanceof Error ? (value.stack ?? value.message) : value,
  );
}
