/** `joinpoint reject`: refuses a candidate or a sign-off, with feedback. */
import type { Command } from 'commander';
import { finish } from '../finish.js';
import {
  answerQuestion,
  comment,
  lookedAt,
  lookedCommand,
  type LookedOptions,
  type ReopenOptions,
} from './answer-options.js';

export function registerReject(program: Command): void {
  lookedCommand(program, 'reject', 'refuse what a join point asks; feedback goes to the agents of the named tasks')
    .option('-m, --message <text>', 'what is wrong: the feedback')
    .option('--task <id...>', 'tasks to send back to their agents', [])
    .action((subject: string | undefined, options: ReopenOptions & LookedOptions, command: Command) =>
      finish(command, (context) =>
        answerQuestion(context, options, 'reject', subject, {
          by: context.as,
          ...comment(options),
          ...lookedAt(options),
          ...(options.task.length > 0 && { tasks: options.task }),
        }),
      ),
    );
}
