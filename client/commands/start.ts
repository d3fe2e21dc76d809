/** `joinpoint start`: begins a rollout of a plan on a target. */
import type { Command } from 'commander';
import { finish } from '../finish.js';
import type { StartOptions } from '../start.js';

export function registerStart(program: Command): void {
  program
    .command('start')
    .description('start a rollout of a plan on a git repository')
    .requiredOption('--plan <file>', 'the plan')
    .requiredOption('--repo <url>', "the target's URL, or the path of a bare repository")
    .option('--branch <name>', "the target's branch (default: its HEAD)")
    .option('--name <name>', "the rollout's name (default: the plan's)")
    .option('--from <phase>', 'the first phase to run')
    .option('--until <phase>', 'the last phase to run')
    .option('--shorten-soaks <duration>', 'no soak takes longer: for trying a plan out')
    .action((options: StartOptions, command: Command) =>
      finish(command, async (context) => (await import('../start.js')).start(context, options)),
    );
}
