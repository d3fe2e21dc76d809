/** Replaces files as a whole: a reader, and a machine that stops, sees the old text or the new one. */
import { randomUUID } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

/** Why a file was not written; the old text stands. */
export type WriteOutcome = { readonly status: 'written' } | { readonly status: 'left'; readonly why: string };

/**
 * Writes `text` in place of `expected`; what a link inside of `root` leads to is replaced, not the link. Keeps the mode.
 * Leaves a file that holds something else by now, or that lies outside of `root`.
 */
export async function replaceFile(
  root: string,
  path: string,
  expected: Uint8Array,
  text: string,
): Promise<WriteOutcome> {
  try {
    const file = await realpath(join(root, path));
    if (isOutside(await realpath(root), file)) return left('lies outside of the repository');
    if (!Buffer.from(expected).equals(await readFile(file))) return left('was changed meanwhile; run it again');
    await writeWhole(file, text);
    return { status: 'written' };
  } catch (error) {
    return left(`cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}

function left(why: string): WriteOutcome {
  return { status: 'left', why };
}

function isOutside(root: string, file: string): boolean {
  return /^\.\.(\/|$)/.test(relative(root, file));
}

async function writeWhole(file: string, text: string): Promise<void> {
  const { mode } = await stat(file);
  const temporary = join(dirname(file), `.${basename(file)}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      // The process's own mask would take bits away.
      await handle.chmod(mode & 0o7777);
      await handle.writeFile(text, 'utf8');
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
