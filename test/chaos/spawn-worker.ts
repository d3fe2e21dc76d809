/** Starts worker processes that tests may kill. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./worker-process.ts', import.meta.url));

/** A process that has loaded everything and serves as soon as it is sent a `ServeOrder`. */
export function spawnWarm(): ChildProcess {
  return fork(script, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', process.env['CHAOS_DEBUG'] ? 'inherit' : 'ignore', 'ipc'],
  });
}
