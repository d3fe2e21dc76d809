/** What the commands that answer a question have in common: SUBJECT, the rollout, the signal. */
import type { Command } from 'commander';
import type { Answer } from '../../plan/question.js';
import type * as Deliver from '../deliver.js';
import type { DeliverOptions } from '../deliver.js';

/** Of a command that takes the rollout as its argument as well. */
export interface RolloutOption {
  readonly rollout?: string;
}

export interface SaidOptions extends DeliverOptions {
  readonly message?: string;
}

/** Of an answer to what was looked at. */
export interface LookedOptions extends SaidOptions {
  readonly commit?: string;
}

export interface ReopenOptions extends SaidOptions {
  readonly task: readonly string[];
}

/** A command with the options that every message to a rollout takes. */
export function messageCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--rollout <name>', 'the rollout; the only open one where left out')
    .option('--signal', 'leave it as a signal for when a worker comes, instead of waiting for the reply', false);
}

/** A message to whatever asks; SUBJECT may be left out where only one question takes it. */
export function answerCommand(program: Command, name: string, description: string): Command {
  return messageCommand(program, name, description)
    .argument('[subject]', 'what it is about, as status names it: "join point 1", 1.2')
    .option('--question <id>', 'the question, where two are about the same: status names it then');
}

/** An answer that lets something pass, or sends it back: it may be bound to what was looked at. */
export function lookedCommand(program: Command, name: string, description: string): Command {
  return answerCommand(program, name, description).option(
    '--commit <sha>',
    'the commit that you looked at: refused when it has changed since',
  );
}

export function lookedAt({ commit }: LookedOptions): Pick<Answer, 'commit'> {
  return commit === undefined ? {} : { commit };
}

export function comment({ message }: SaidOptions): { readonly comment?: string } {
  return message === undefined ? {} : { comment: message };
}

/** Loaded when it is needed, as the next: the Temporal client is most of a message's weight. */
export const answerQuestion: typeof Deliver.answerQuestion = async (...said) =>
  (await import('../deliver.js')).answerQuestion(...said);

export const tellRollout: typeof Deliver.tellRollout = async (...said) =>
  (await import('../deliver.js')).tellRollout(...said);
