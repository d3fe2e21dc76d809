/** `joinpoint rollback`: back to a checkpoint with `--to`, or the answer to something that holds. */
import type { Command } from 'commander';
import { finish } from '../finish.js';
import { Refusal } from '../refusal.js';
import { answerCommand, answerQuestion, comment, type SaidOptions, tellRollout } from './answer-options.js';

interface RollbackOptions extends SaidOptions {
  readonly to?: string;
}

export function registerRollback(program: Command): void {
  answerCommand(
    program,
    'rollback',
    'undo what something that holds has landed, or with --to every phase after a checkpoint',
  )
    .option('--to <phase>', 'the phase whose checkpoint to go back to, or "start"')
    .option('-m, --message <text>', 'the reason; --to needs one')
    .action((subject: string | undefined, options: RollbackOptions, command: Command) =>
      finish(command, (context) => {
        const { to } = options;
        if (to === undefined)
          return answerQuestion(context, options, 'rollback', subject, { by: context.as, ...comment(options) });
        const about = subject ?? options.question;
        if (about !== undefined)
          throw new Refusal(`rollback ${about} --to ${to}: means two things; give what holds, or --to`);
        return tellRollout(context, options, 'rollbackTo', { to, comment: options.message ?? '' });
      }),
    );
}
