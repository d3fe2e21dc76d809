/** A file of the tree as text, for what is no manifest. */
import type { FileTree } from '../../gitops/source/file-tree.js';

/** Undefined where it cannot be read: that is a finding of the linter, and no reason to stop. */
export function readText(tree: FileTree, path: string): string | undefined {
  try {
    return new TextDecoder().decode(tree.read(path));
  } catch {
    return undefined;
  }
}
