/** A step without which nothing goes on. */
import type { Desk } from './desk.js';

/** Takes it until it is done: where it fails for good, a person mends what is in its way and says `retry`. */
export async function untilDone<T>(desk: Desk, subject: string, step: () => Promise<T>): Promise<T> {
  const outcome = await desk.insist(subject, step);
  if ('closed' in outcome) throw new Error(`${subject}: ${outcome.closed.action} was not offered`);
  return outcome.done;
}
