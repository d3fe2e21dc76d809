/** What the exit code of a command says. */

export const exitCode = { done: 0, failed: 1, usage: 2, waiting: 3 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** For `--help`: what each code means, and where it says more than done or failed. */
export const exitCodeHelp = `
Exit codes:
  0  done; of status: the rollout is done, or runs and needs nobody
  1  failed; of status: the rollout was aborted, or could not be asked; of lint and plan lint: something is wrong
  2  usage: a wrong option, an invalid plan, an answer that was refused; nothing was changed
  3  waiting: of status, somebody must answer; of watch and up --example, they ended before the rollout did`;
