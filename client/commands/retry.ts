/** `joinpoint retry`: lets what holds try again. */
import type { Command } from 'commander';
import { finish } from '../finish.js';
import { answerCommand, answerQuestion, comment, type ReopenOptions } from './answer-options.js';

export function registerRetry(program: Command): void {
  answerCommand(program, 'retry', 'let what holds try again')
    .option(
      '-m, --message <text>',
      'what to do otherwise: goes to the agent of a task that holds, or of each --task; anything else reads no message',
    )
    .option('--task <id...>', 'tasks to work on again, where the whole phase holds', [])
    .action((subject: string | undefined, options: ReopenOptions, command: Command) =>
      finish(command, (context) =>
        answerQuestion(context, options, 'retry', subject, {
          by: context.as,
          ...comment(options),
          ...(options.task.length > 0 && { tasks: options.task }),
        }),
      ),
    );
}
