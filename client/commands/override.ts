/** `joinpoint override`: goes on although a check says otherwise, with a reason. */
import type { Command } from 'commander';
import { finish } from '../finish.js';
import { answerCommand, answerQuestion, comment, type SaidOptions } from './answer-options.js';

export function registerOverride(program: Command): void {
  answerCommand(program, 'override', 'go on although a check says otherwise; the reason is recorded')
    .option('-m, --message <text>', 'the reason')
    .action((subject: string | undefined, options: SaidOptions, command: Command) =>
      finish(command, (context) =>
        answerQuestion(context, options, 'override', subject, { by: context.as, ...comment(options) }),
      ),
    );
}
