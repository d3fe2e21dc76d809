/**
 * What judging costs: six real repositories beside `kustomize build` of all that Flux applies of them, judging again
 * after one edit, and how time and memory grow with a repository.
 */
import { ensureBuilt } from '../harness/cli.js';
import { missingData } from '../homelabs/homelab-trees.js';
import { benchBesideKustomize, whyNoKustomize } from './lint-beside-kustomize.js';
import { benchGrowth } from './lint-growth.js';
import { benchAgain } from './lint-again.js';

/** Whether every limit is kept; says what it measured. Exits 2 where it cannot measure. */
export async function benchLint(): Promise<boolean> {
  const why = missingData ? '../shared/homelabs is not there' : whyNoKustomize();
  if (why !== undefined) {
    console.error(`bench lint: ${why}; nothing was measured`);
    process.exit(2);
  }
  await ensureBuilt();
  const kept = [await benchBesideKustomize(), await benchAgain(), await benchGrowth()];
  return kept.every(Boolean);
}
