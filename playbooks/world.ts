/** The world that look-ups ask, over HTTP. */
import { hasCredentials } from './plain-url.js';
import type { World } from './playbook.js';

const answerWithinMs = 30_000;

/** `signal` gives up early. An address with credentials is not asked: what is said of it would be kept. */
export function httpWorld(signal?: AbortSignal): World {
  return {
    async getJson(url) {
      if (hasCredentials(url)) throw new Error(`${placeOf(url)}: is given with credentials; give it without`);
      const timeout = AbortSignal.timeout(answerWithinMs);
      const response = await fetch(url, { signal: signal ? AbortSignal.any([signal, timeout]) : timeout }).catch(
        (error: unknown) => {
          signal?.throwIfAborted();
          throw new Error(`${placeOf(url)}: does not answer (${reasonOf(error)}); ${reach}`, { cause: error });
        },
      );
      if (!response.ok) throw new Error(`${placeOf(url)}: answered ${response.status}; ${reach}`);
      return response.json().catch((error: unknown) => {
        signal?.throwIfAborted();
        throw new Error(`${placeOf(url)}: answered no JSON; see what runs there`, { cause: error });
      });
    },
  };
}

const reach = 'see that it is reachable from where this runs';

/** Without the query, which is long and says nothing of who did not answer. */
function placeOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** `fetch failed` tells nothing: its cause does. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { readonly cause?: { readonly code?: string } };
  return cause?.code ?? message;
}
