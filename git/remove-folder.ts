/** Removes folders that agents and checks have written in. */
import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes a folder and all that is in it, also where folders are read-only, as those of a module cache are. Idempotent. */
export async function removeFolder(dir: string): Promise<void> {
  const remove = (): Promise<void> => rm(dir, { recursive: true, force: true, maxRetries: 3 });
  try {
    await remove();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    await makeWritable(dir);
    await remove();
  }
}

/** The same for one that is no longer needed: if it cannot be removed that is said, and no result is lost for it. */
export async function removeOrLeave(dir: string): Promise<void> {
  await removeFolder(dir).catch((error: Error) =>
    process.emitWarning(`${dir}: could not be removed (${error.message}); the next worker that starts tries again`),
  );
}

async function makeWritable(dir: string): Promise<void> {
  await chmod(dir, 0o700);
  for (const entry of await readdir(dir, { withFileTypes: true }))
    if (entry.isDirectory()) await makeWritable(join(dir, entry.name));
}
