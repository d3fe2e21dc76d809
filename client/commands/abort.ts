/** `joinpoint abort`: stops the agents, undoes the open phase, keeps what is checkpointed. */
import type { Command } from 'commander';
import { finish } from '../finish.js';
import { comment, messageCommand, type SaidOptions, tellRollout } from './answer-options.js';

interface AbortOptions extends SaidOptions {
  readonly keep: boolean;
}

export function registerAbort(program: Command): void {
  messageCommand(program, 'abort', 'end a rollout: agents are stopped and the open phase is undone')
    .option('--keep', 'undo nothing', false)
    .option('-m, --message <text>', 'the reason')
    .action((options: AbortOptions, command: Command) =>
      finish(command, (context) =>
        tellRollout(context, options, 'abort', { ...comment(options), ...(options.keep && { keep: true }) }),
      ),
    );
}
