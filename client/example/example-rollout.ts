/** The example's rollout: the open one where there is one, else a fresh one on a fresh origin. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { durationMs } from '../../plan/duration.js';
import { RolloutError } from '../../plan/rollout-error.js';
import { findRollout } from '../list-rollouts.js';
import { packageRoot } from '../package-root.js';
import { readPlanFile } from '../plan-file.js';
import { laneAgents } from '../rollout-memo.js';
import type { Session } from '../session.js';
import { startRollout } from '../start-rollout.js';
import { createExampleOrigin, exampleFolder } from './example-origin.js';

export interface ExampleRollout {
  readonly name: string;
  readonly origin: string;
  readonly resumed: boolean;
  readonly agents: readonly string[];
  readonly shortenSoaks: string;
}

/** Takes up the example's open rollout of this home, or starts `anton`; `anton-2` where that name is open elsewhere. */
export async function exampleRollout(session: Session, home: string, shortenSoaks: string): Promise<ExampleRollout> {
  for (let number = 1; ;) {
    const name = number === 1 ? 'anton' : `anton-${number}`;
    const found = await findRollout(session, name);
    if (!found?.isOpen) {
      const started = await startExample(session, home, name, shortenSoaks);
      // Otherwise another terminal was first: its rollout is found at the next look.
      if (started) return started;
    } else if (found.memo?.repo.startsWith(exampleFolder(home))) {
      return { name, origin: found.memo.repo, resumed: true, agents: found.memo.agents, shortenSoaks };
    } else number++;
  }
}

/** Undefined where somebody took the name in between. */
async function startExample(
  session: Session,
  home: string,
  name: string,
  shortenSoaks: string,
): Promise<ExampleRollout | undefined> {
  const { plan, files } = await readPlanFile(join(packageRoot, 'examples', 'anton', 'plan.yaml'));
  const origin = await createExampleOrigin(home, join(packageRoot, 'examples', 'homelab'));
  try {
    await startRollout({
      client: session.client,
      home,
      name,
      plan,
      files,
      target: { url: origin.path, branch: 'main' },
      settings: { soakAtMostMs: durationMs(shortenSoaks) },
      now: Date.now(),
    });
  } catch (error) {
    const isTaken = error instanceof RolloutError && (await findRollout(session, name))?.isOpen;
    if (!isTaken) throw error;
    // Nothing refers to the origin of a rollout that was not started.
    await rm(origin.path, { recursive: true, force: true });
    return undefined;
  }
  return { name, origin: origin.path, resumed: false, agents: laneAgents(plan), shortenSoaks };
}
