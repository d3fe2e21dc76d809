/** Reads all files of a revision in two git processes: what a tree holds, then the contents in one stream. */
import { runGit } from './run.js';

export interface StoredFile {
  /** Relative to the tree, `/` between folders. */
  readonly path: string;
  /** A link's content is where it leads. */
  readonly isLink: boolean;
  readonly bytes: number;
  /** Undefined for a file that is larger than asked for. */
  readonly content: Uint8Array | undefined;
}

/** More than one stream of git's may hold; larger trees take several. */
const streamBytes = 64 * 1024 * 1024;

/**
 * Every file of a tree, in git's order; submodules are none.
 * @param tree `<revision>:<folder>` or an id. @throws GitError for what git does not know.
 */
export async function readTree(dir: string, tree: string, contentAtMostBytes: number): Promise<readonly StoredFile[]> {
  const { stdout } = await runGit(dir, ['ls-tree', '-r', '-z', '--long', '--full-tree', tree]);
  const entries = stdout
    .split('\0')
    .filter(Boolean)
    .map(parseEntry)
    .filter(({ type }) => type === 'blob');
  const wanted = entries.filter(({ bytes }) => bytes <= contentAtMostBytes);
  const contents = new Map<string, Uint8Array>();
  for (const batch of batches(wanted)) await readBlobs(dir, batch, contents);
  return entries.map(({ path, isLink, bytes, id }) => ({ path, isLink, bytes, content: contents.get(id) }));
}

interface Entry {
  readonly path: string;
  readonly type: string;
  readonly isLink: boolean;
  readonly id: string;
  readonly bytes: number;
}

/** `<mode> <type> <id> <size>\t<path>`, with the size right-aligned. */
function parseEntry(line: string): Entry {
  const tab = line.indexOf('\t');
  const [mode = '', type = '', id = '', size = ''] = line.slice(0, tab).split(/ +/);
  return { path: line.slice(tab + 1), type, isLink: mode === '120000', id, bytes: size === '-' ? 0 : Number(size) };
}

function* batches(entries: readonly Entry[]): Iterable<ReadonlySet<string>> {
  let [batch, size] = [new Set<string>(), 0];
  for (const { id, bytes } of entries) {
    if (size > 0 && size + bytes > streamBytes) {
      yield batch;
      [batch, size] = [new Set(), 0];
    }
    batch.add(id);
    size += bytes;
  }
  if (batch.size > 0) yield batch;
}

async function readBlobs(dir: string, ids: ReadonlySet<string>, into: Map<string, Uint8Array>): Promise<void> {
  const { stdout } = await runGit(dir, ['cat-file', '--batch'], {
    input: [...ids].map((id) => `${id}\n`).join(''),
    encoding: 'latin1',
  });
  const bytes = Buffer.from(stdout, 'latin1');
  let at = 0;
  for (const id of ids) {
    const end = bytes.indexOf(10, at);
    const size = Number(bytes.subarray(at, end).toString().split(' ')[2]);
    if (!Number.isInteger(size))
      throw new Error(`git cat-file: answered "${bytes.subarray(at, end).toString()}" for ${id}`);
    into.set(id, bytes.subarray(end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
}
