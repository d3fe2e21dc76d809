/** `joinpoint watch`: the tree, drawn anew until the rollout ends; a line for each change where there is no terminal. */
import type { Command } from 'commander';
import { finish } from '../finish.js';
import type { RolloutOption } from './answer-options.js';

export function registerWatch(program: Command): void {
  program
    .command('watch')
    .description('follow a rollout until it ends')
    .argument('[name]', 'the rollout; the only open one, or the last, where it is left out')
    .option('--rollout <name>', 'the same, as the other commands take it')
    .action((name: string | undefined, { rollout }: RolloutOption, command: Command) =>
      finish(command, async (context) => (await import('../watch.js')).watch(context, name ?? rollout)),
    );
}
