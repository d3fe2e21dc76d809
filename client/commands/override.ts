/** `joinpoint override`: goes on although a check says otherwise, with a reason. */
import type { Command } from 'commander';
import { finish } from '../finish.js';
import { answerQuestion, comment, lookedAt, lookedCommand, type LookedOptions } from './answer-options.js';

export function registerOverride(program: Command): void {
  lookedCommand(
    program,
    'override',
    'go on although a check says otherwise, and while it is no worse; the reason is recorded',
  )
    .option('-m, --message <text>', 'the reason')
    .action((subject: string | undefined, options: LookedOptions, command: Command) =>
      finish(command, (context) =>
        answerQuestion(context, options, 'override', subject, {
          by: context.as,
          ...comment(options),
          ...lookedAt(options),
        }),
      ),
    );
}
