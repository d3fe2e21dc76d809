/** `joinpoint approve`: agrees to a candidate or signs a landing off. */
import type { Command } from 'commander';
import { finish } from '../finish.js';
import { answerQuestion, comment, lookedAt, lookedCommand, type LookedOptions } from './answer-options.js';

export function registerApprove(program: Command): void {
  lookedCommand(program, 'approve', 'agree to what a join point asks')
    .option('-m, --message <text>', 'a comment, kept with the approval')
    .action((subject: string | undefined, options: LookedOptions, command: Command) =>
      finish(command, (context) =>
        answerQuestion(context, options, 'approve', subject, {
          by: context.as,
          ...comment(options),
          ...lookedAt(options),
        }),
      ),
    );
}
