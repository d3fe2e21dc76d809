/** Where joinpoint itself lies, built or not, and which version it is. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** The folder with package.json, bin and examples. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

/** The version in package.json; recorded with every rollout that it starts. */
export const version = readManifest(packageRoot)!.version;

function findRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (readManifest(folder)) return folder;
    if (folder === dirname(folder)) throw new Error(`${from}: is not inside the joinpoint package; install it again`);
  }
}

/** Without zod, which every command would load for it. */
function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return undefined;
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  return manifest.name === 'joinpoint' ? manifest : undefined;
}
