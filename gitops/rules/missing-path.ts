/** A Kustomization whose path is no folder of the repository: Flux says `kustomization path not found`. */
import { folderOf, joinPath } from '../kustomize/repository-files.js';
import { nearest } from '../lint/nearest.js';
import type { Rule } from '../lint/rule.js';
import { objectText } from '../manifests/object-id.js';
import type { FileTree } from '../source/file-tree.js';

export const missingPath: Rule = {
  id: 'missing-path',
  severity: 'error',
  summary: 'The path of a Kustomization is no folder of the repository.',
  layer: 'reference graph',
  *check({ tree, flux }) {
    for (const { id, object, spec, directory } of flux.kustomizations) {
      if (directory.status !== 'missing') continue;
      const path = joinPath('', directory.path) ?? directory.path;
      const isFile = tree.paths.includes(path);
      const meant = nearest(path, foldersOf(tree));
      const hint = isFile
        ? 'is a file; name its folder'
        : `is no folder of this repository${meant === undefined ? '; correct it, or remove the Kustomization' : `; did you mean ./${meant}`}`;
      yield {
        at: object.composed.origin(['spec', 'path']).place,
        subject: objectText(id),
        message: `spec.path ${spec.path} ${hint}`,
        key: 'path',
      };
    }
  },
};

/** With those that hold no file themselves, but folders. */
function foldersOf({ paths }: FileTree): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths)
    for (let folder = folderOf(path); folder !== '' && !folders.has(folder); folder = folderOf(folder))
      folders.add(folder);
  return folders;
}
