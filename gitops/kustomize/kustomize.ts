/** The kustomize graph of a repository: its kustomization files, and builds of its folders. */
import type { Build } from './build.js';
import type { KustomizationFile } from './kustomization-file.js';

export interface Kustomize {
  /** By folder. */
  readonly kustomizations: ReadonlyMap<string, KustomizationFile>;
  /** Of a folder relative to the repository, as Flux builds it: without a kustomization.yaml, of all manifests below. */
  build(directory: string): Build;
  /** Files that some kustomization lists as a resource, reached or not. */
  readonly resourceFiles: ReadonlySet<string>;
  /** Files that some kustomization lists as a patch. */
  readonly patchFiles: ReadonlySet<string>;
}
