/** The whole of Flux as the files declare it: entry points, Kustomizations, HelmReleases, sources. */
import type { Manifest } from '../manifests/manifest.js';
import type { AppliedObject, EntryPoint, FluxKustomization, FluxSource } from './flux-kustomization.js';
import type { HelmRelease } from './helm-release.js';

export interface FluxState {
  readonly entryPoints: readonly EntryPoint[];
  /** Those that the entry points reach, parents before children. */
  readonly kustomizations: readonly FluxKustomization[];
  /** Kustomizations of the tree that no entry point reaches. */
  readonly unreached: readonly Manifest[];
  /** Reached; of a release that two Kustomizations apply, each. */
  readonly helmReleases: readonly HelmRelease[];
  readonly sources: readonly FluxSource[];
  /** All that is applied, by entry points too. */
  readonly objects: readonly AppliedObject[];
  /** By effective namespace and name. */
  kustomization(namespace: string, name: string): FluxKustomization | undefined;
  helmRelease(namespace: string, name: string): HelmRelease | undefined;
  source(kind: string, namespace: string, name: string): FluxSource | undefined;
}
