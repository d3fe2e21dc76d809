/** The one error that pure code and the git library throw for outcomes that no retry mends. */

export type RolloutErrorCode =
  | 'planInvalid'
  | 'targetUnreachable'
  | 'targetRefused'
  | 'targetRewritten'
  | 'branchMissing'
  | 'recordDamaged'
  | 'agentUnknown'
  | 'notFound'
  | 'serverMissing'
  | 'usage';

/** Terminal: the activity edge turns it into a non-retryable failure. Message form: `<subject>: <what failed>; <what to do>`. */
export class RolloutError extends Error {
  override readonly name = 'RolloutError';

  constructor(
    readonly code: RolloutErrorCode,
    readonly subject: string,
    whatAndMend: string,
    options?: ErrorOptions,
  ) {
    super(`${subject}: ${whatAndMend}`, options);
  }
}
