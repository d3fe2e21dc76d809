/** Turns whatever a command throws into one clear line and an exit code. */
import { isGrpcServiceError } from '@temporalio/client';
import { RolloutError } from '../plan/rollout-error.js';
import { reasonOf, TemporalUnavailableError } from '../worker/embedded/temporal-unavailable.js';
import { exitCode, type ExitCode } from './exit-code.js';

export interface ErrorReport {
  readonly message: string;
  readonly code: ExitCode;
  /** Nobody expected it: its stack helps. */
  readonly isBug: boolean;
  /** Its commands are spelt for this terminal already: a refusal's. */
  readonly isSpelled: boolean;
}

/** One line for people, and how the process ends. Pure. */
export function reportOf(error: unknown): ErrorReport {
  const report = { code: exitCode.failed, isBug: false, isSpelled: false };
  if (error instanceof RolloutError) return { ...report, message: error.message, code: exitCode.usage };
  if (error instanceof TemporalUnavailableError) return { ...report, message: error.message };
  const said = serverSaid(error);
  if (said) return { ...report, message: said };
  return {
    ...report,
    message: `joinpoint: ${error instanceof Error ? reasonOf(error) : String(error)}; set JOINPOINT_DEBUG=1 to see where`,
    isBug: true,
  };
}

/** gRPC's codes, as far as a person can do something about them. */
const refusals: Readonly<Record<number, string>> = {
  5: 'the server does not know what was asked for',
  7: 'the server refuses you',
  16: 'the server does not know you',
};

/** What went wrong between us and the server, in one line; undefined where it was something else. */
function serverSaid(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (!isGrpcServiceError(at)) continue;
    const refusal = refusals[at.code];
    return refusal
      ? `Temporal: ${refusal} (${at.details}); check namespace and credentials, in TEMPORAL_* or temporal.toml`
      : `Temporal: the server stopped answering (${reasonOf(error)}); see whether it runs, with: joinpoint doctor`;
  }
  return undefined;
}
