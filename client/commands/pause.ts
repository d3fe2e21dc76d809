/** `joinpoint pause`: tells a rollout to finish what runs and begin nothing new. */
import type { Command } from 'commander';
import { finish } from '../finish.js';
import { comment, messageCommand, type SaidOptions, tellRollout } from './answer-options.js';

export function registerPause(program: Command): void {
  messageCommand(program, 'pause', 'finish what runs and begin nothing new')
    .option('-m, --message <text>', 'a comment')
    .action((options: SaidOptions, command: Command) =>
      finish(command, (context) => tellRollout(context, options, 'pause', comment(options))),
    );
}
