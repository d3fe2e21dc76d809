/** Reads a tree of files into the model, layer by layer. */
import { readFlux } from '../flux/flux-state.js';
import { kustomizeOf } from '../kustomize/kustomize.js';
import { RepositoryFiles } from '../kustomize/repository-files.js';
import { manifestsOf } from '../manifests/manifest.js';
import { Scope } from '../manifests/scope.js';
import { isEncrypted } from '../manifests/sops.js';
import { readReferences } from '../references/read-references.js';
import type { FileTree } from '../source/file-tree.js';
import { readYamlFiles } from '../source/read-yaml-files.js';
import { ownershipOf } from './ownership.js';
import type { Repository } from './repository.js';

export interface ReadOptions {
  /** The repository as it was: a file with the same text is not parsed again. */
  readonly previous?: Repository;
}

/** Never throws, whatever the tree holds. */
export function readRepository(tree: FileTree, { previous }: ReadOptions = {}): Repository {
  const { files, problems } = readYamlFiles(tree, (path) => previous?.file(path));
  const byPath = new Map(files.map((file) => [file.path, file]));
  const manifests = files.flatMap(manifestsOf);
  const kustomize = kustomizeOf(new RepositoryFiles(tree, byPath), tree.paths, new Scope(manifests));
  const flux = readFlux(manifests, kustomize);
  return {
    tree,
    files,
    file: (path) => byPath.get(path),
    problems,
    manifests,
    encrypted: files.flatMap(({ documents }) => documents.filter(({ value }) => isEncrypted(value))),
    isPatch: ({ file }) => kustomize.patchFiles.has(file.path) && !kustomize.resourceFiles.has(file.path),
    kustomize,
    flux,
    ownership: ownershipOf(flux.objects),
    references: readReferences(manifests, flux),
  };
}
