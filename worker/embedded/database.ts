/** Where a home keeps the server's database, and which version of Temporal may open it. */
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from './atomic-file.js';

/** The SQLite file that holds every rollout of a home. */
export function databasePath(home: string): string {
  return join(home, 'temporal.db');
}

/** Whether the home has a database. */
export async function hasDatabase(home: string): Promise<boolean> {
  return access(databasePath(home)).then(
    () => true,
    () => false,
  );
}

/**
 * The version that first opened the home's database; undefined for a fresh home. A version without its
 * database binds nobody.
 */
export async function readVersionPin(home: string): Promise<string | undefined> {
  if (!(await hasDatabase(home))) return undefined;
  try {
    return (await readFile(pinPath(home), 'utf8')).trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Records the version before its first start, since a database file may not outlive a change of it. */
export async function pinVersion(home: string, version: string): Promise<void> {
  if ((await readVersionPin(home)) !== undefined) return;
  await writeFileAtomically(pinPath(home), `${version}\n`);
}

/** Beside the database and named after it, so that whoever moves one sees the other. */
function pinPath(home: string): string {
  return `${databasePath(home)}.version`;
}
