/** `joinpoint up`: a server and a worker in one process, and with `--example` the whole example on them. */
import type { Command } from 'commander';
import type { UpOptions } from '../serve/up.js';
import type { Context } from '../context.js';
import { finish } from '../finish.js';

export function registerUp(program: Command): void {
  program
    .command('up')
    .description(
      'start a server and a worker, or join those of this home; without --home the server that the environment names',
    )
    .option('--agent <name...>', 'serve these agents besides those of open rollouts', [])
    .option('--example', 'run the Anton example on a server of its own, whatever the environment names', false)
    .option('--yes', 'with --example: approve and tick everything', false)
    .option('--shorten-soaks <duration>', 'with --example: no soak takes longer', '1s')
    .action((options: UpOptions, command: Command) => finish(command, (context: Context) => runUp(context, options)));
}

async function runUp(context: Context, options: UpOptions) {
  const { up } = await import('../serve/up.js');
  return up(context, options);
}
