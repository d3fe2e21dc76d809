/** The folder as git would keep it; of one that was read before, only what changed is read again. */
import { ignoredIn } from '../../git/ignored.js';
import { type FolderTree, readFolder } from '../../gitops/source/folder-tree.js';

export interface KeptTree {
  readonly tree: FolderTree;
  readonly ignored: ReadonlySet<string>;
  /** What the `.gitignore` files held. */
  readonly ignoring: ReadonlyMap<string, Uint8Array>;
}

/** Git is asked again only where its answer may be another: for a new file, or with another `.gitignore`. */
export async function readKept(root: string, previous?: KeptTree): Promise<KeptTree> {
  if (previous) {
    const kept = keptTree(root, previous.ignored, previous);
    if (!mayIgnoreMore(previous, kept)) return kept;
  }
  return keptTree(root, await ignoredIn(root), previous);
}

function keptTree(root: string, ignored: ReadonlySet<string>, previous: KeptTree | undefined): KeptTree {
  const tree = readFolder(root, { ignored, ...(previous && { previous: previous.tree }) });
  const ignoring = new Map<string, Uint8Array>();
  for (const path of tree.paths) {
    if (!/(^|\/)\.gitignore$/.test(path)) continue;
    try {
      ignoring.set(path, tree.read(path));
    } catch {
      // What cannot be read ignores nothing, and is no manifest.
    }
  }
  return { tree, ignored, ignoring };
}

function mayIgnoreMore(before: KeptTree, after: KeptTree): boolean {
  const known = new Set(before.tree.paths);
  const isSame = [...after.ignoring].every(([path, bytes]) => before.ignoring.get(path) === bytes);
  return !isSame || after.ignoring.size !== before.ignoring.size || after.tree.paths.some((path) => !known.has(path));
}
