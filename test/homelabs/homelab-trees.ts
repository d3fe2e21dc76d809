/** The real repositories of ../shared/homelabs, and layers of them, as trees. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileTree } from '../../gitops/source/file-tree.js';

const homelabs = fileURLToPath(new URL('../../../shared/homelabs', import.meta.url));

/** For a test's name: empty where the data is there, else that it is not, so that a skipped test says why. */
export const missingData = existsSync(homelabs) ? '' : ' (not run: ../shared/homelabs is not there)';

export const homelabNames = ['anton', 'bjw-s', 'buroa', 'kashalls', 'onedr0p', 'toboshii'] as const;

/** Folders relative to ../shared/homelabs, each laid over those before it, without the files `removed` from the first. */
export function treeOfFolders(folders: readonly string[], removed: readonly string[] = []): FileTree {
  const files = new Map<string, string>();
  for (const [index, folder] of folders.entries()) {
    for (const path of filesBelow(folder)) files.set(path, join(homelabs, folder, path));
    if (index === 0) for (const path of removed) files.delete(path);
  }
  return {
    paths: [...files.keys()].toSorted(),
    problems: [],
    read: (path) => readFileSync(files.get(path)!),
  };
}

/** Absolute. */
export function homelabFolder(name: string): string {
  return join(homelabs, name);
}

export function readHomelabsFile(path: string): string {
  return readFileSync(join(homelabs, path), 'utf8');
}

function filesBelow(folder: string): readonly string[] {
  const root = join(homelabs, folder);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
