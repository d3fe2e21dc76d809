/** Reads a tree of files into the model, layer by layer. */
import { type FluxState, readFlux } from '../flux/flux-state.js';
import { type Kustomize, kustomizeOf } from '../kustomize/kustomize.js';
import { RepositoryFiles } from '../kustomize/repository-files.js';
import { manifestsOf } from '../manifests/manifest.js';
import { Scope } from '../manifests/scope.js';
import { isEncrypted } from '../manifests/sops.js';
import { readReferences } from '../references/read-references.js';
import type { References } from '../references/reference.js';
import { type FileTree, textAt } from '../source/file-tree.js';
import { readYamlFiles } from '../source/read-yaml-files.js';
import { ownershipOf } from './ownership.js';
import type { YamlFile } from '../yaml/yaml-file.js';
import type { Repository } from './repository.js';

export interface ReadOptions {
  /** The repository as it was: what has not changed since is neither parsed nor built again. */
  readonly previous?: Repository;
}

/** What every cluster has in common. */
type Shared = Omit<Repository, 'flux' | 'ownership' | 'references' | 'clusters'>;

/** Never throws, whatever the tree holds. */
export function readRepository(tree: FileTree, { previous }: ReadOptions = {}): Repository {
  const { files, problems } = readYamlFiles(tree, (path) => previous?.file(path));
  const byPath = new Map(files.map((file) => [file.path, file]));
  const manifests = files.flatMap(manifestsOf);
  const kustomize = kustomizeOf(
    new RepositoryFiles(tree, byPath),
    tree.paths,
    new Scope(manifests),
    previous?.kustomize,
  );
  const shared: Shared = {
    tree,
    files,
    file: (path) => byPath.get(path),
    problems,
    manifests,
    encrypted: files.flatMap(({ documents }) => documents.filter(({ value }) => isEncrypted(value))),
    isPatch: ({ file }) => kustomize.patchFiles.has(file.path) && !kustomize.resourceFiles.has(file.path),
    kustomize,
  };
  const [first, ...others] = readFlux(manifests, kustomize);
  const clusters: Repository[] = [];
  const main = ofCluster(shared, first, clusters);
  clusters.push(main, ...others.map((flux) => ofCluster(shared, flux, clusters)));
  return main;
}

function ofCluster(shared: Shared, flux: FluxState, clusters: readonly Repository[]): Repository {
  let references: References | undefined;
  return {
    ...shared,
    clusters,
    flux,
    ownership: ownershipOf(flux.objects),
    // Not everybody asks for them.
    get references() {
      references ??= readReferences(flux, textsBeside(shared.tree, shared.files, shared.kustomize));
      return references;
    },
  };
}

const template = /\.(?:j2|tpl|tmpl|gotmpl|sh)$/;

/** What is no manifest and may still install something: templates, scripts, machine configurations, task files. */
function* textsBeside(tree: FileTree, files: readonly YamlFile[], kustomize: Kustomize): Generator<string> {
  // A kustomization.yaml needs no kind, and what it names is in its build.
  const built = new Set([...kustomize.kustomizations.values()].map(({ file }) => file));
  for (const file of files) if (manifestsOf(file).length === 0 && !built.has(file)) yield file.text;
  for (const path of tree.paths) {
    const text = template.test(path) ? textAt(tree, path) : undefined;
    if (text !== undefined) yield text;
  }
}
