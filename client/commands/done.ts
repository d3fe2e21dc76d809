/** `joinpoint done`: ticks what only a person can confirm, or says that a person's work is done. */
import type { Command } from 'commander';
import { finish } from '../finish.js';
import { answerCommand, answerQuestion, comment, type SaidOptions } from './answer-options.js';

interface DoneOptions extends SaidOptions {
  readonly item: readonly string[];
  readonly evidence?: string;
}

export function registerDone(program: Command): void {
  answerCommand(program, 'done', 'tick items with evidence, or say that your work is done')
    .option('--item <id...>', 'the items to tick; all that are open where left out', [])
    .option('--evidence <text>', 'how you know')
    .option('-m, --message <text>', 'a comment')
    .action((subject: string | undefined, options: DoneOptions, command: Command) =>
      finish(command, (context) =>
        answerQuestion(context, options, 'done', subject, {
          by: context.as,
          ...comment(options),
          ...(options.item.length > 0 && { items: options.item }),
          ...(options.evidence !== undefined && { evidence: options.evidence }),
        }),
      ),
    );
}
