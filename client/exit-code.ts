/** What the exit code of a command says. */

export const exitCode = { done: 0, failed: 1, usage: 2, waiting: 3 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** For `--help`: what each code means, and where it says more than done or failed. */
export const exitCodeHelp = `
Exit codes:
  0  done; of status: the rollout is done, or runs and needs nobody
  1  failed; of status: the rollout was aborted, or could not be asked; of lint and plan lint: something is wrong;
     of playbook run and check: something is left to do (their own --help says it all)
  2  usage: a wrong option, an invalid plan, an answer that was refused; nothing was changed
  3  waiting: of status, somebody must answer; of watch and up --example, they ended before the rollout did`;

/** For `playbook run --help`: a dry run that would change something fails, so that CI notices. */
export const runExitCodes = `
Exit codes of playbook run:
  0  there is nothing to do, or --write has done it (of a playbook in stages, the next one)
  1  without --write: it would change files, and has changed none; or it met a place that it cannot mend, and says which
  2  usage: a wrong option or parameter, no such playbook, a folder without Flux; nothing was changed`;

/** For `playbook check --help`. */
export const checkExitCodes = `
Exit codes of playbook check:
  0  what the playbook is for holds
  1  it does not; what it lacks is said, a line each
  2  usage: a wrong option or parameter, no such playbook, a folder without Flux`;
