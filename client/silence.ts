/** Words for a rollout that cannot be asked: nobody polls, nobody answers, or its workflow itself is stuck. */
import { durationText } from '../plan/duration.js';
import { cut } from '../plan/render-style.js';
import { reasonOf } from '../worker/embedded/temporal-unavailable.js';
import { isAlive, type Poller } from './pollers.js';
import type { Session } from './session.js';

/** What starts a worker: the `up` of the home whose server it is, and for any other server a worker alone. */
export function startsWorker({ command, resolved: { source } }: Pick<Session, 'command' | 'resolved'>): string {
  return command(source === 'home' || source === 'default' ? 'up' : 'worker');
}

/** Why nobody can be asked, as far as the queue tells; undefined where a worker may be there. */
export function nobodyServes(
  session: Pick<Session, 'command' | 'resolved'>,
  pollers: readonly Poller[],
  now: number,
): string | undefined {
  if (pollers.length === 0) return `no worker serves the engine; start one with: ${startsWorker(session)}`;
  return pollers.some((poller) => isAlive(poller, now)) ? undefined : lastSeen(session, pollers, now);
}

/** What a question that failed means: a worker that was killed is remembered by the server for some minutes. */
export function whySilent(
  session: Pick<Session, 'command' | 'resolved'>,
  pollers: readonly Poller[],
  error: unknown,
  now: number,
): string {
  if (!isSilence(error))
    return `its workflow cannot be asked (${cut(reasonOf(error), 160)}); see the log of its worker`;
  return lastSeen(session, pollers, now);
}

function lastSeen(session: Pick<Session, 'command' | 'resolved'>, pollers: readonly Poller[], now: number): string {
  const lastSeenAt = Math.max(...pollers.map((poller) => poller.lastSeenAt));
  return `no worker answers (last seen ${durationText(now - lastSeenAt)} ago); start one with: ${startsWorker(session)}`;
}

/** A deadline that passed, or the server's own word that no worker polls. */
function isSilence(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (/deadline|no poller|timed? ?out|cancel/i.test(at.message)) return true;
  }
  return false;
}
