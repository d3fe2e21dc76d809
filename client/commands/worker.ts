/** `joinpoint worker`: serves the engine and the agents of open rollouts, or only the lanes it is told. */
import type { Command } from 'commander';
import type { WorkerCommandOptions } from '../serve/work.js';
import type { Context } from '../context.js';
import type { ExitCode } from '../exit-code.js';
import { finish } from '../finish.js';

export function registerWorker(program: Command): void {
  program
    .command('worker')
    .description('serve the engine and every agent of open rollouts; with --agent only those lanes')
    .option('--agent <name...>', 'serve these lanes, and not the engine: "Terminal 1: Agent A"', [])
    .option('--engine', 'serve the engine: alone, or with --agent besides those lanes')
    .option('--no-engine', 'serve every lane, and not the engine')
    .action((options: WorkerCommandOptions, command: Command) =>
      finish(command, (context) => runWorker(context, options)),
    );
}

/** Loaded when it is needed: the worker's runtime is most of joinpoint's weight. */
async function runWorker(context: Context, options: WorkerCommandOptions): Promise<ExitCode> {
  const { work } = await import('../serve/work.js');
  return work(context, options);
}
