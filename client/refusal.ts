/** The error by which a command ends with one line and a code of its own choosing. */
import { exitCode, type ExitCode } from './exit-code.js';

/** Message form: `<subject>: <what failed>; <what to do>`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    message: string,
    readonly code: ExitCode = exitCode.usage,
  ) {
    super(message);
  }
}
