/** Which files have a part in what Flux applies: what is wrong in them stops something. */
import type { Repository } from '../model/repository.js';

const known = new WeakMap<Repository, ReadonlySet<string> | undefined>();

/** False for a file that no build of a Flux Kustomization reads; true for every file where there is no Flux to tell. */
export function isApplied(repository: Repository, file: string): boolean {
  if (!known.has(repository)) known.set(repository, appliedFiles(repository));
  return known.get(repository)?.has(file) ?? true;
}

/** By any cluster. */
function appliedFiles({ clusters }: Repository): ReadonlySet<string> | undefined {
  const builds = clusters.flatMap(({ flux }) =>
    [...flux.entryPoints, ...flux.kustomizations].flatMap(({ build }) => build ?? []),
  );
  return builds.length === 0 ? undefined : new Set(builds.flatMap(({ inputs }) => [...inputs]));
}
