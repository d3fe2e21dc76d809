/** A tree with some of its files written, new or anew, or removed: what is to be judged before it is written. */
import type { FileTree } from './file-tree.js';

/** Null is a file that goes; the very same tree where nothing changes. */
export function treeWithFiles(tree: FileTree, files: ReadonlyMap<string, string | null>): FileTree {
  if (files.size === 0) return tree;
  const paths = new Set(tree.paths);
  for (const [path, text] of files) {
    if (text === null) paths.delete(path);
    else paths.add(path);
  }
  return {
    paths: [...paths].toSorted(),
    problems: tree.problems,
    read(path) {
      const text = files.get(path);
      return typeof text === 'string' ? new TextEncoder().encode(text) : tree.read(path);
    },
  };
}
