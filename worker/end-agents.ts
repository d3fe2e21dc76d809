/** Ends the agents and checks of this process at once, for a person who does not want to wait for an orderly stop. */
import { endLeftovers } from '../activities/process/leftovers.js';

/** SIGKILL to every process group that this worker records in its home; the next worker begins again what they did. Idempotent. */
export async function endAgentsNow(home: string): Promise<void> {
  await endLeftovers(home, undefined, 0);
}
