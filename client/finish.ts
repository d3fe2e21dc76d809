/** Runs a command's action, reports what it throws, and sets the exit code. */
import type { Command } from 'commander';
import { spellCommands } from './command-line.js';
import { type Context, contextOf, spellingAsGiven } from './context.js';
import { exitCode, type ExitCode } from './exit-code.js';
import { reportOf } from './report-error.js';

/** Never throws; the process ends by itself, or is ended when something forgotten keeps it alive. */
export async function finish(command: Command, run: (context: Context) => Promise<ExitCode | void>): Promise<void> {
  const context = contextOf(command);
  try {
    process.exitCode = (await run(context)) ?? exitCode.done;
  } catch (error) {
    const { message: said, code, isBug, isSpelled } = reportOf(error);
    const message = isSpelled ? said : spellCommands(said, spellingAsGiven(context));
    context.warn(message);
    context.tell({ error: message });
    if (isBug && context.env['JOINPOINT_DEBUG']) console.error(error);
    process.exitCode = code;
  }
  setTimeout(() => process.exit(), lingerMs).unref();
}

const lingerMs = 1_500;
