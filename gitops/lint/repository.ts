/** Stands in for the model until it is there. */
import type { FileTree } from '../source/file-tree.js';
import { YamlFile } from '../yaml/yaml-file.js';

export interface Repository {
  readonly tree: FileTree;
  readonly files: readonly YamlFile[];
}

export function readRepository(tree: FileTree): Repository {
  const files = tree.paths
    .filter((path) => /\.ya?ml$/.test(path))
    .map((path) => YamlFile.read(path, Buffer.from(tree.read(path)).toString('utf8')));
  return { tree, files };
}
