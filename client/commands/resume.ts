/** `joinpoint resume`: tells a rollout to go on after a pause. */
import type { Command } from 'commander';
import { finish } from '../finish.js';
import { comment, messageCommand, type SaidOptions, tellRollout } from './answer-options.js';

export function registerResume(program: Command): void {
  messageCommand(program, 'resume', 'go on after a pause')
    .option('-m, --message <text>', 'a comment')
    .action((options: SaidOptions, command: Command) =>
      finish(command, (context) => tellRollout(context, options, 'resume', comment(options))),
    );
}
