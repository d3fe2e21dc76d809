/** Failures of one real repository, replayed: the trees of ../shared/homelabs/replay/cases.json, put together as its README says. */
import type { FileTree } from '../../gitops/source/file-tree.js';
import { missingData, readHomelabsFile, treeOfFolders } from './homelab-trees.js';

export interface ExpectedFinding {
  readonly layer: string;
  /** A suggestion: ours may be called otherwise. */
  readonly rule: string;
  /** A file, or the folder that does not build. */
  readonly file: string;
  readonly subject: string;
  /** In sense, not in words. */
  readonly message: string;
}

export interface ReplayCase {
  readonly id: string;
  readonly title: string;
  readonly expect: readonly ExpectedFinding[];
  /** Checks that must not complain of this tree. */
  readonly silent: readonly string[];
  readonly alsoPresent: readonly string[];
  /** What the tree, being a part, refers to without having it. */
  readonly outside?: readonly string[];
  readonly notExported?: readonly string[];
  readonly tree?: string;
  readonly base?: string;
  readonly overlay?: string;
  readonly removed?: readonly string[];
  readonly previous?: string;
}

/** In the order of the file; none where the data is not there. */
export const replayCases: readonly ReplayCase[] =
  missingData === '' ? (JSON.parse(readHomelabsFile('replay/cases.json')) as readonly ReplayCase[]) : [];

export function replayCase(id: string): ReplayCase {
  const found = replayCases.find((one) => one.id === id);
  if (!found) throw new Error(`case ${id}: is not in replay/cases.json`);
  return found;
}

export function replayTree(one: ReplayCase): FileTree {
  return withFiles(treeOfFolders(layersOf(one), one.removed), one.notExported ?? []);
}

/** As it was before the change, where the case is about a change. */
export function previousTree(one: ReplayCase): FileTree | undefined {
  if (one.previous === undefined) return undefined;
  return withFiles(treeOfFolders([...layersOf(one), one.previous], one.removed), one.notExported ?? []);
}

/** With dashboards that were left out of the data, as empty ones: they were there, so nothing may miss them. */
function withFiles(tree: FileTree, added: readonly string[]): FileTree {
  const names = new Set(added);
  return {
    ...tree,
    paths: [...tree.paths, ...added].toSorted(),
    read: (path) => (names.has(path) ? Buffer.from('{}') : tree.read(path)),
  };
}

function layersOf({ tree, base, overlay }: ReplayCase): readonly string[] {
  return [tree ?? base, overlay].filter((folder) => folder !== undefined);
}
