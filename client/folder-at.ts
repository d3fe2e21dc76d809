/** A folder that the command line names, found before anything is done with it. */
import { access, constants, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Refusal } from './refusal.js';

interface Wanted {
  /** What a refusal begins with; it names the path. */
  readonly subject: string;
  /** What to give instead. */
  readonly wanted: string;
}

/** Absolute. @throws Refusal where it is not there, no folder, or not to be read. */
export async function folderAt(path: string, { subject, wanted }: Wanted): Promise<string> {
  const found = await stat(path).catch(({ code = 'unknown' }: NodeJS.ErrnoException) => {
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Refusal(`${subject} cannot be looked at (${code}); give ${wanted}`);
  });
  if (!found) throw new Refusal(`${subject} is not there; give ${wanted}`);
  if (!found.isDirectory()) throw new Refusal(`${subject} is no folder; give ${wanted}`);
  await access(path, constants.R_OK | constants.X_OK).catch(() => {
    throw new Refusal(`${subject} may not be read; correct its permissions`);
  });
  return resolve(path);
}
