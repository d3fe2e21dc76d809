/**
 * A GitOps repository, read without a cluster.
 *
 * Four layers, each made of the one before; what is written and what is in effect are never mixed:
 *
 * 1. `files` and `manifests`: every YAML document with its places, and every Kubernetes object as it is written.
 *    Objects are told by apiVersion and kind, never by file name.
 * 2. `kustomize`: the graph of kustomization.yaml files. `build(folder)` gives the objects as kustomize would:
 *    effective names and namespaces, components, generators, patches; each with the chain of files it came through.
 * 3. `flux`: from the entry points, every Kustomization in effect (patched by its parent, with variables), the
 *    objects that it applies, HelmReleases with chart, source and merged values.
 * 4. `ownership` and `references`: which object is applied by whom, and who needs what from whom.
 *
 * A repository may describe several clusters, by roots of the same name: the one that is first is what is read here,
 * and `clusters` has all of them.
 *
 * Every effective value still knows where it is written: `object.composed.origin(['spec', 'timeout'])` is the place
 * in its own document, or in the patch that brings it, or in the values file. An `Origin` gives the file's document
 * and path for an edit, and `place` (file, line, column) for a finding.
 *
 * What files cannot tell (a remote base, another repository's path, a variable from a Secret) is `unknown`, which is
 * never the same as missing. Reading never throws, whatever the tree holds.
 *
 * Not carried out, and noted as unknown where it is used: `replacements`, `vars`, `helmCharts` and plugins of
 * kustomize. Not read: `.sourceignore`, Helm templates and `postRenderers`. Numbers are YAML 1.2 (`0775` is 775).
 */
import type { FluxState } from '../flux/flux-state.js';
import type { Kustomize } from '../kustomize/kustomize.js';
import type { Manifest } from '../manifests/manifest.js';
import type { References } from '../references/reference.js';
import type { FileProblem, FileTree } from '../source/file-tree.js';
import type { YamlDocument, YamlFile } from '../yaml/yaml-file.js';
import type { Ownership } from './ownership.js';

export interface Repository {
  readonly tree: FileTree;
  /** Every `*.yaml` and `*.yml`, sorted; templates (`*.j2`) are none. */
  readonly files: readonly YamlFile[];
  file(path: string): YamlFile | undefined;
  /** Files that could not be read at all; what does not parse is among each file's own problems. */
  readonly problems: readonly FileProblem[];
  /** As written; patch fragments too. */
  readonly manifests: readonly Manifest[];
  /** Documents that SOPS encrypted, Kubernetes objects or not. */
  readonly encrypted: readonly YamlDocument[];
  /** Whether it is there to patch another object: kustomizations use its file as a patch, never as a resource. */
  isPatch(manifest: Manifest): boolean;
  readonly kustomize: Kustomize;
  /**
   * The repository as each cluster that it describes sees it; mostly one, this one. What a cluster applies is in `flux`,
   * `ownership` and `references`; the rest they have in common.
   */
  readonly clusters: readonly Repository[];
  readonly flux: FluxState;
  readonly ownership: Ownership;
  readonly references: References;
}
