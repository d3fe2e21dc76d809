/** How this terminal starts the joinpoint that runs now. */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { quoted, shortPath } from './command-line.js';
import { packageRoot } from './package-root.js';

const entry = join(packageRoot, 'bin', 'joinpoint.js');

/**
 * `joinpoint` where PATH leads to this one, `npx joinpoint` where it is a dependency, else the file itself:
 * in its own checkout npx would build and install it first, every time.
 */
export function programName(path = '', from = process.cwd()): string {
  if (path.split(delimiter).some((folder) => isThis(join(folder, 'joinpoint')))) return 'joinpoint';
  if (packageRoot.includes(`${sep}node_modules${sep}`)) return 'npx joinpoint';
  return `node ${quoted(shortPath(entry, from))}`;
}

/** npm's own folders are on PATH only while npm runs a script. */
function isThis(file: string): boolean {
  return !file.includes(`${sep}node_modules${sep}`) && existsSync(file) && realpathSync(file) === realpathSync(entry);
}
