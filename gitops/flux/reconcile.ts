/** Follows Flux from its entry points through every Kustomization that one of them leads to. */
import type { Kustomize } from '../kustomize/kustomize.js';
import type { Manifest } from '../manifests/manifest.js';
import { findSyncs, type Sync } from './entry-points.js';
import type { ExternalSecrets } from './find-variables.js';
import type { EntryPoint, FluxKustomization } from './flux-kustomization.js';
import { KustomizationWalk } from './kustomization-walk.js';
import { startByHand } from './start-by-hand.js';
import type { FindSource } from './read-helm-releases.js';
import { SourceLinks } from './source-links.js';
import { isKustomization } from './kustomization-spec.js';

/** What is in another cluster than the one that was followed. */
export interface Left {
  readonly unreached: readonly Manifest[];
  readonly syncs: readonly Sync[];
}

export interface Reconciliation extends Left {
  readonly entryPoints: readonly EntryPoint[];
  readonly kustomizations: readonly FluxKustomization[];
  readonly secrets: ExternalSecrets;
  readonly links: SourceLinks;
  /** Of the unreached, whether a root has the name of one that is here: it is in another cluster. */
  readonly hasOthers: boolean;
  /** Completes the Kustomizations, once the sources are known that they apply. */
  readonly linkSources: (find: FindSource) => void;
}

/** @param left of a cluster before this one: what it left unreached, and so may be started here. */
export function reconcile(manifests: readonly Manifest[], kustomize: Kustomize, left?: Left): Reconciliation {
  const links = new SourceLinks(manifests);
  const declared = left?.unreached ?? manifests.filter(({ id }) => isKustomization(id));
  const syncs = left?.syncs ?? findSyncs(manifests, kustomize);
  const ofOthers: Sync[] = [];
  let hasOthers = false;
  let walk = new KustomizationWalk(kustomize, links);
  for (let round = 0; ; round++) {
    ofOthers.length = 0;
    for (const sync of syncs) if (!walk.startSync(sync)) ofOthers.push(sync);
    hasOthers = startByHand(declared, kustomize, links, walk) || ofOthers.length > 0;
    // A Kustomization may be written with variables that another one, read later, brings.
    if (!walk.isStale() || round === maxRounds) break;
    walk = walk.again();
  }
  walk.applyAll();
  return {
    entryPoints: walk.entryPoints,
    kustomizations: walk.kustomizations,
    unreached: declared.filter((manifest) => !walk.hasReached(manifest)),
    syncs: ofOthers,
    hasOthers,
    secrets: walk.secrets,
    links,
    linkSources: (find) => walk.linkSources(find),
  };
}

/** Variables that decide which variables there are, that decide, …: nobody means more. */
const maxRounds = 3;
