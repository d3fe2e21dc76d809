/** Runs a command's action, reports what it throws, and sets the exit code. */
import type { Command } from 'commander';
import { spellCommands } from './command-line.js';
import { type Context, contextOf, spellingAsGiven } from './context.js';
import { exitCode, type ExitCode } from './exit-code.js';
import { Refusal } from './refusal.js';
import type { ErrorReport } from './report-error.js';

/** Never throws; the process ends by itself, or is ended when something forgotten keeps it alive. */
export async function finish(command: Command, run: (context: Context) => Promise<ExitCode | void>): Promise<void> {
  const context = contextOf(command);
  try {
    process.exitCode = (await run(context)) ?? exitCode.done;
  } catch (error) {
    const { message: said, code, isBug, isSpelled } = await reportOn(error);
    const message = isSpelled ? said : spellCommands(said, spellingAsGiven(context));
    context.warn(message);
    context.tell({ error: message });
    if (isBug && context.env['JOINPOINT_DEBUG']) console.error(error);
    process.exitCode = code;
  }
  setTimeout(() => process.exit(), lingerMs).unref();
}

/** What knows the errors of everything loads everything: not for a refusal, which says all there is. */
async function reportOn(error: unknown): Promise<ErrorReport> {
  if (error instanceof Refusal) return { message: error.message, code: error.code, isBug: false, isSpelled: true };
  return (await import('./report-error.js')).reportOf(error);
}

const lingerMs = 1_500;
