/** Reads many git objects in one process. */
import type { Mirror } from './mirror.js';
import { runGit } from './run.js';

export interface GitObject {
  readonly id: string;
  /** The content, as UTF-8. */
  readonly text: string;
}

/** The objects that `names` name (`ref`, `tree:path`, an id), in their order; undefined for what is not there. */
export async function readObjects(
  mirror: Mirror,
  names: readonly string[],
): Promise<readonly (GitObject | undefined)[]> {
  if (names.length === 0) return [];
  const { stdout } = await runGit(mirror.dir, ['cat-file', '--batch', '-z'], {
    input: names.map((name) => `${name}\0`).join(''),
    encoding: 'latin1',
  });
  const bytes = Buffer.from(stdout, 'latin1');
  const objects: (GitObject | undefined)[] = [];
  let at = 0;
  for (const name of names) {
    // The answer for what is not there repeats the name, with the line breaks that a path may have.
    const missing = Buffer.from(`${name} missing\n`);
    if (bytes.subarray(at, at + missing.length).equals(missing)) {
      objects.push(undefined);
      at += missing.length;
      continue;
    }
    const end = bytes.indexOf(10, at);
    const header = bytes.subarray(at, end).toString();
    at = end + 1;
    const found = /^([0-9a-f]{40,64}) \w+ (\d+)$/.exec(header);
    if (!found) throw new Error(`git cat-file: answered "${header}" for ${name}`);
    const size = Number(found[2]);
    objects.push({ id: found[1]!, text: bytes.subarray(at, at + size).toString() });
    at += size + 1;
  }
  return objects;
}
