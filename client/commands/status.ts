/** `joinpoint status`: the tree of a rollout, and for whatever waits why, for whom, until when and the next command. */
import type { Command } from 'commander';
import { finish } from '../finish.js';
import type { StatusOptions } from '../status.js';
import type { RolloutOption } from './answer-options.js';

export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('show a rollout: its tree, what waits, for whom, and what to type')
    .argument('[name]', 'the rollout; the only open one, or the last, where it is left out')
    .option('--rollout <name>', 'the same, as the other commands take it')
    .option('--all', 'draw the tasks of every phase that has begun', false)
    .action((name: string | undefined, options: StatusOptions & RolloutOption, command: Command) =>
      finish(command, async (context) =>
        (await import('../status.js')).status(context, name ?? options.rollout, options),
      ),
    );
}
