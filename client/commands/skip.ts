/** `joinpoint skip`: leaves out what holds, with a reason. */
import type { Command } from 'commander';
import { finish } from '../finish.js';
import { answerCommand, answerQuestion, comment, type SaidOptions } from './answer-options.js';

export function registerSkip(program: Command): void {
  answerCommand(program, 'skip', 'leave out what holds; the reason is recorded')
    .option('-m, --message <text>', 'the reason')
    .action((subject: string | undefined, options: SaidOptions, command: Command) =>
      finish(command, (context) =>
        answerQuestion(context, options, 'skip', subject, { by: context.as, ...comment(options) }),
      ),
    );
}
