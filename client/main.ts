/** The entry of the command line: parses, runs one command, ends with its exit code. */
import { CommanderError } from 'commander';
import { exitCode } from './exit-code.js';
import { buildProgram } from './program.js';

// A reader that is gone, or a terminal that was closed, must not keep what runs from stopping in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  await buildProgram().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has said what was wrong, or shown its help.
  process.exitCode = error.exitCode === 0 ? exitCode.done : exitCode.usage;
  if (error.exitCode !== 0 && process.argv.includes('--json'))
    process.stdout.write(`${JSON.stringify({ error: error.message.replace(/^error: /, '') })}\n`);
}
