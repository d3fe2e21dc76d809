/** The tree of a revision, as the GitOps model reads one. */
import { posix } from 'node:path';
import { GitError } from './run.js';
import { readTree, type StoredFile } from './read-tree.js';
import type { FileProblem, FileTree } from '../gitops/source/file-tree.js';

/** Larger files are no manifests; that one is there is all that is read of it. */
const contentAtMostBytes = 16 * 1024 * 1024;

export interface RevisionTree extends FileTree {
  /** Where git has what is at a path, a new one too: behind a link above it, and behind the one that it is. */
  placeOf(path: string): string;
}

/** Of the folder `prefix` of a commit or tree; empty where there is no such folder. Links inside of it are followed. */
export async function readRevision(dir: string, revision: string, prefix: string): Promise<RevisionTree> {
  return treeOf(await storedFiles(dir, `${revision}:${prefix}`));
}

async function storedFiles(dir: string, tree: string): Promise<readonly StoredFile[]> {
  try {
    return await readTree(dir, tree, contentAtMostBytes);
  } catch (error) {
    // The revision is known to be there: what is missing is the folder.
    if (error instanceof GitError && /Not a valid object name/.test(error.stderr)) return [];
    throw error;
  }
}

function treeOf(stored: readonly StoredFile[]): RevisionTree {
  const files = new Map(stored.filter(({ isLink }) => !isLink).map((file) => [file.path, file]));
  const problems: FileProblem[] = [];
  const targets = new Map<string, string>();
  for (const link of stored.filter(({ isLink }) => isLink)) {
    const target = targetOf(link, stored);
    const reached = target === undefined ? [] : behind(link, target, stored);
    if (target !== undefined && reached.length > 0) targets.set(link.path, target);
    for (const [path, file] of reached) files.set(path, file);
    if (reached.length === 0) problems.push({ path: link.path, message: leadsNowhere });
  }
  return {
    paths: [...files.keys()].sort(),
    problems,
    read(path) {
      const content = files.get(path)?.content;
      if (!content) throw new Error(`${path}: is not in the tree, or too large to be read`);
      return content;
    },
    placeOf(path) {
      const link = [...targets.keys()].find((one) => one === path || isAbove(one, path));
      return link === undefined ? path : targets.get(link)! + path.slice(link.length);
    },
  };
}

const leadsNowhere = 'is a link that leads to no file of the repository; replace it by what it should be';

/** Files by the path at which a link shows them: itself for a file, those below it for a folder. */
function behind(
  link: StoredFile,
  target: string,
  stored: readonly StoredFile[],
): readonly (readonly [string, StoredFile])[] {
  return stored.flatMap((file) => {
    if (file.isLink) return [];
    if (file.path === target) return [[link.path, file] as const];
    return isAbove(target, file.path) ? [[link.path + file.path.slice(target.length), file] as const] : [];
  });
}

/** A folder that the link itself is in would hold itself without end. */
function targetOf(link: StoredFile, stored: readonly StoredFile[]): string | undefined {
  const target = destination(link, stored);
  return target === undefined || isAbove(target, link.path) ? undefined : target;
}

const linksAtMost = 40;

/** Where a chain of links ends; undefined for one that goes round, or out of any repository. */
function destination(link: StoredFile, stored: readonly StoredFile[]): string | undefined {
  let at: StoredFile | undefined = link;
  let path = link.path;
  for (let links = 0; at && links < linksAtMost; links++) {
    const target = Buffer.from(at.content ?? []).toString('utf8');
    if (target.startsWith('/')) return undefined;
    path = posix.join(posix.dirname(path), target).replace(/\/$/, '');
    at = stored.find((file) => file.isLink && file.path === path);
  }
  return at ? undefined : path;
}

function isAbove(folder: string, path: string): boolean {
  return folder === '.' || path.startsWith(`${folder}/`);
}
