/** Keeps what the long checks of a round showed, since whoever makes the round again would make them again. */
import type { Mirror } from '../git/mirror.js';
import { readObjects } from '../git/read-objects.js';
import { type Chain, chainRef, readRecord, recordOnce } from '../git/store.js';
import type { Sight } from './observe-checks.js';

/** Makes what is called `name`, unless it was kept before. */
export type KeptSights = (name: string, make: () => Promise<Sight>) => Promise<Sight>;

interface Keeping {
  /** A folder of the chain, this round's own. */
  readonly place: string;
  readonly at: number;
  readonly keptFromMs: number;
}

/** Of a round whose chain was fetched; what takes less than `keptFromMs` is not kept. */
export async function keptSights(
  mirror: Mirror,
  chain: Chain,
  { place, at, keptFromMs }: Keeping,
): Promise<KeptSights> {
  // Most rounds have kept nothing: one look instead of one for each check.
  const [folder] = await readObjects(mirror, [`${chainRef(chain)}:${place}`]);
  return async (name, make) => {
    const path = `${place}/${encodeURIComponent(name)}.json`;
    const known = folder && (await readRecord(mirror, chain, path));
    if (known !== undefined) return JSON.parse(known) as Sight;
    const startedMs = performance.now();
    const sight = await make();
    if (performance.now() - startedMs < keptFromMs) return sight;
    const recorded = await recordOnce(mirror, chain, {
      path,
      files: { [path]: JSON.stringify(sight, null, 2) },
      message: `checks: ${name}`,
      stamp: { author: 'joinpoint', at },
    });
    return JSON.parse(recorded) as Sight;
  };
}
