/** The command line: global options, one file for each command, and what the exit codes say. */
import { Command } from 'commander';
import { registerAbort } from './commands/abort.js';
import { registerApprove } from './commands/approve.js';
import { registerDoctor } from './commands/doctor.js';
import { registerDone } from './commands/done.js';
import { registerLint } from './commands/lint.js';
import { registerOverride } from './commands/override.js';
import { registerPause } from './commands/pause.js';
import { registerPlan } from './commands/plan.js';
import { registerPlaybook } from './commands/playbook.js';
import { registerReject } from './commands/reject.js';
import { registerResume } from './commands/resume.js';
import { registerRetry } from './commands/retry.js';
import { registerRollback } from './commands/rollback.js';
import { registerSkip } from './commands/skip.js';
import { registerStart } from './commands/start.js';
import { registerStatus } from './commands/status.js';
import { registerUp } from './commands/up.js';
import { registerWatch } from './commands/watch.js';
import { registerWorker } from './commands/worker.js';
import { exitCodeHelp } from './exit-code.js';
import { version } from './package-root.js';
import { programName } from './program-name.js';
import { usageError } from './usage-error.js';

/** In the order of `--help`. */
const commands = [
  registerUp,
  registerWorker,
  registerStart,
  registerStatus,
  registerWatch,
  registerApprove,
  registerReject,
  registerPause,
  registerResume,
  registerRetry,
  registerSkip,
  registerOverride,
  registerDone,
  registerRollback,
  registerAbort,
  registerLint,
  registerPlan,
  registerPlaybook,
  registerDoctor,
];

/** A fresh program; `parseAsync` runs one command and sets `process.exitCode`. */
export function buildProgram(): Command {
  const program = new Command('joinpoint')
    .description(
      'Carries a phased plan through to a GitOps repository: agents in parallel, join points that prove and ask.',
    )
    .version(version)
    .option('--home <dir>', 'where this machine keeps its server and caches', '.joinpoint')
    .option('--address <host:port>', 'the Temporal server, before TEMPORAL_ADDRESS and profiles')
    .option('--as <name>', 'who you are: claimed, and recorded so (default: your user name)')
    .option('--json', 'write JSON for programs')
    .addHelpText('after', exitCodeHelp)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: (said, write) => write(`${usageError(said, programName(process.env['PATH']))}\n`) })
    .exitOverride();
  for (const register of commands) register(program);
  return program;
}
