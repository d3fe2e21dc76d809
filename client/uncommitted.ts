/** Finds a person's work that no commit holds yet. */
import { gitLine, GitError, runGit } from '../git/run.js';

/**
 * Which of these files of a folder git could not give back as they are, in their order: changed since the last
 * commit, or never in one. Undefined where the folder is in no git repository, or there is no git.
 *
 * @throws GitError where git would not say it
 */
export async function uncommittedAmong(root: string, paths: readonly string[]): Promise<readonly string[] | undefined> {
  try {
    const prefix = await gitLine(root, ['rev-parse', '--show-prefix']);
    const { stdout } = await runGit(root, [
      'status',
      '--porcelain',
      '-z',
      '--no-renames',
      '--untracked-files=all',
      '.',
    ]);
    // `XY path`, from the root of the repository.
    const changed = new Set(stdout.split('\0').map((entry) => entry.slice(3)));
    return paths.filter((path) => changed.has(prefix + path));
  } catch (error) {
    if (error instanceof GitError && /not a git repository|ENOENT/.test(error.stderr)) return undefined;
    throw error;
  }
}
