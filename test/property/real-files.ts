/** The YAML files of the real repositories in ../shared/homelabs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const homelabs = fileURLToPath(new URL('../../../shared/homelabs', import.meta.url));

/** For a test's name: empty where the files are there, else that they are not. */
export const absence = existsSync(homelabs) ? '' : ' (not run: ../shared/homelabs is not there)';

/** In an order of their own, so that the same seed means the same files. */
export function realFiles(): { readonly path: string; readonly text: string }[] {
  if (absence) return [];
  const entries = readdirSync(homelabs, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name));
  return paths
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => ({ path: path.slice(homelabs.length + 1), text: readFileSync(path, 'utf8') }));
}
