/** The one error that says that no Temporal server, or no program to start one, can be had. */

/** Thrown with a one-line message for people; its stack adds nothing, so the client prints the message alone. */
export class TemporalUnavailableError extends Error {
  override readonly name = 'TemporalUnavailableError';
}

/** One line of at most 200 characters on why something failed, innermost cause included. */
export function reasonOf(error: unknown): string {
  const parts: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at.message && !parts.some((part) => part.includes(at.message))) parts.push(at.message);
  }
  const text = parts.length > 0 ? parts.join(': ') : String(error);
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
}
