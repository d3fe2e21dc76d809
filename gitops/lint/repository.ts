/** Stands in for the model's reader until it is there: files and problems only. */
import type { Repository } from '../model/repository.js';
import type { FileTree } from '../source/file-tree.js';
import { YamlFile } from '../yaml/yaml-file.js';

export function readRepository(tree: FileTree): Repository {
  const files = tree.paths
    .filter((path) => /\.ya?ml$/.test(path))
    .map((path) => YamlFile.read(path, Buffer.from(tree.read(path)).toString('utf8')));
  return { tree, files, problems: tree.problems } as unknown as Repository;
}
