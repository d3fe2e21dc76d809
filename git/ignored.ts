/** What git leaves out of a folder: build results, decrypted secrets, and whatever else `.gitignore` names. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Files, and folders with a `/` at their end, relative to the folder; none where it is in no git repository. */
export async function ignoredIn(dir: string): Promise<ReadonlySet<string>> {
  if (!isInRepository(dir)) return new Set();
  // Loaded here: without a repository there is nothing to run.
  const { GitError, runGit } = await import('./run.js');
  try {
    const args = ['ls-files', '--others', '--ignored', '--exclude-standard', '--directory', '-z'];
    const { stdout } = await runGit(dir, args);
    return new Set(stdout.split('\0').filter(Boolean));
  } catch (error) {
    // No git, or a repository that it does not trust: then everything is read.
    if (error instanceof GitError) return new Set();
    throw error;
  }
}

/** Without asking git, which is slower than all the rest where there is none. */
function isInRepository(dir: string): boolean {
  for (let folder = dir; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return true;
    if (folder === dirname(folder)) return false;
  }
}
