/** Follows Flux from its entry points through every Kustomization that one of them leads to. */
import type { Kustomize } from '../kustomize/kustomize.js';
import type { Manifest } from '../manifests/manifest.js';
import { findSyncs } from './entry-points.js';
import type { ExternalSecrets } from './find-variables.js';
import type { EntryPoint, FluxKustomization } from './flux-kustomization.js';
import { KustomizationWalk } from './kustomization-walk.js';
import { startByHand } from './start-by-hand.js';
import type { FindSource } from './read-helm-releases.js';
import { SourceLinks } from './source-links.js';
import { isKustomization } from './kustomization-spec.js';

export interface Reconciliation {
  readonly entryPoints: readonly EntryPoint[];
  readonly kustomizations: readonly FluxKustomization[];
  readonly unreached: readonly Manifest[];
  readonly secrets: ExternalSecrets;
  /** Completes the Kustomizations, once the sources are known that they apply. */
  readonly linkSources: (find: FindSource) => void;
}

export function reconcile(manifests: readonly Manifest[], kustomize: Kustomize): Reconciliation {
  const links = new SourceLinks(manifests);
  const declared = manifests.filter(({ id }) => isKustomization(id));
  const syncs = findSyncs(manifests, kustomize);
  let walk = new KustomizationWalk(kustomize, links);
  for (let round = 0; ; round++) {
    for (const sync of syncs) walk.startSync(sync);
    startByHand(declared, kustomize, links, walk);
    // A Kustomization may be written with variables that another one, read later, brings.
    if (!walk.isStale() || round === maxRounds) break;
    walk = walk.again();
  }
  walk.applyAll();
  return {
    entryPoints: walk.entryPoints,
    kustomizations: walk.kustomizations,
    unreached: declared.filter((manifest) => !walk.hasReached(manifest)),
    secrets: walk.secrets,
    linkSources: (find) => walk.linkSources(find),
  };
}

/** Variables that decide which variables there are, that decide, …: nobody means more. */
const maxRounds = 3;
