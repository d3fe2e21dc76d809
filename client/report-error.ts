/** Turns whatever a command throws into one clear line and an exit code. */
import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { RolloutError } from '../plan/rollout-error.js';
import { reasonOf, TemporalUnavailableError } from '../worker/embedded/temporal-unavailable.js';
import { exitCode, type ExitCode } from './exit-code.js';
import { Refusal } from './refusal.js';

export interface ErrorReport {
  readonly message: string;
  readonly code: ExitCode;
  /** Nobody expected it: its stack helps. */
  readonly isBug: boolean;
}

/** One line for people, and how the process ends. Pure. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof Refusal) return { message: error.message, code: error.code, isBug: false };
  if (error instanceof RolloutError) return { message: error.message, code: exitCode.usage, isBug: false };
  if (error instanceof TemporalUnavailableError) return { message: error.message, code: exitCode.failed, isBug: false };
  if (isLostServer(error))
    return {
      message: `Temporal: the server stopped answering (${reasonOf(error)}); see whether it runs, with: joinpoint doctor`,
      code: exitCode.failed,
      isBug: false,
    };
  return {
    message: `joinpoint: ${error instanceof Error ? reasonOf(error) : String(error)}; set JOINPOINT_DEBUG=1 to see where`,
    code: exitCode.failed,
    isBug: true,
  };
}

function isLostServer(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof ServiceError || isGrpcServiceError(at)) return true;
  }
  return false;
}
