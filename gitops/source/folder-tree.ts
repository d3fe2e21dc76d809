/** A folder of this machine as a tree: what git would keep of it, links followed inside of it only. */
import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { FileProblem, FileTree } from './file-tree.js';

export interface FolderOptions {
  /** Files, and folders with a `/` at their end, to leave out: what git ignores. Relative to the root. */
  readonly ignored?: ReadonlySet<string>;
  /** The tree as it was: a file that is the same since is not read again. */
  readonly previous?: FolderTree;
}

/** Larger files are no manifests, and one of them would stop everything. */
const megabytesAtMost = 16;

/** Never part of what Flux applies; `.joinpoint` holds whole clones. */
const foldersLeftOut: ReadonlySet<string> = new Set(['.git', '.joinpoint', 'node_modules']);

/** @throws where the root itself is no folder that can be read. */
export function readFolder(root: string, options?: FolderOptions): FolderTree {
  return new FolderTree(root, options);
}

export class FolderTree implements FileTree {
  readonly paths: readonly string[];
  readonly problems: readonly FileProblem[];
  private readonly contents = new Map<string, Content>();
  private readonly before: ReadonlyMap<string, Content>;

  constructor(
    readonly root: string,
    { ignored = new Set(), previous }: FolderOptions = {},
  ) {
    const walk = new Walk(root, ignored);
    walk.entries('', readdirSync(root, { withFileTypes: true }), [realpathSync(root)]);
    this.paths = walk.paths.sort();
    this.problems = walk.problems;
    this.before = new Map([...(previous?.before ?? []), ...(previous?.contents ?? [])]);
  }

  /** What the file held when it was first read; the very bytes that the tree before gave where it is the same. */
  read(path: string): Uint8Array {
    const content = this.contents.get(path) ?? this.readNow(path);
    this.contents.set(path, content);
    return content.bytes;
  }

  private readNow(path: string): Content {
    const file = join(this.root, path);
    const { size, ino, mtimeNs, ctimeNs } = orUnreadable(() => statSync(file, { bigint: true }));
    if (size > megabytesAtMost * 1024 * 1024)
      throw new Error(`is larger than ${megabytesAtMost} MB, and is not read; no manifest is`);
    const stamp = [size, ino, mtimeNs, ctimeNs].join(' ');
    const known = this.before.get(path);
    return known?.stamp === stamp ? known : { stamp, bytes: orUnreadable(() => readFileSync(file)) };
  }
}

interface Content {
  readonly stamp: string;
  readonly bytes: Uint8Array;
}

class Walk {
  readonly paths: string[] = [];
  readonly problems: FileProblem[] = [];
  private linkedFolders = 0;

  constructor(
    private readonly root: string,
    private readonly ignored: ReadonlySet<string>,
  ) {}

  /** `above` are the real folders that this one stands in, itself the last. */
  entries(folder: string, entries: readonly Dirent[], above: readonly string[]): void {
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) this.folder(path, entry.name, [...above, join(above.at(-1)!, entry.name)]);
      else if (this.ignored.has(path)) continue;
      else if (entry.isFile()) this.paths.push(path);
      else if (entry.isSymbolicLink()) this.link(path, entry.name, above);
      else if (/\.ya?ml$/.test(path)) this.problem(path, 'is no regular file, and is not read; replace it by one');
    }
  }

  private folder(path: string, name: string, above: readonly string[]): void {
    if (foldersLeftOut.has(name) || this.ignored.has(`${path}/`)) return;
    try {
      const entries = readdirSync(join(this.root, path), { withFileTypes: true });
      // Another repository inside of this one, a submodule among them, is none of Flux's.
      if (!entries.some((entry) => entry.name === '.git')) this.entries(path, entries, above);
    } catch (error) {
      this.problem(path, unreadable(error));
    }
  }

  private link(path: string, name: string, above: readonly string[]): void {
    try {
      const real = realpathSync(join(this.root, path));
      const isFolder = statSync(real).isDirectory();
      if (isOutside(above[0]!, real)) this.problem(path, leadsOut);
      else if (!isFolder) this.paths.push(path);
      else if (above.includes(real)) this.problem(path, 'is a link to a folder that it stands in; remove it');
      else if (++this.linkedFolders > linkedFoldersAtMost)
        this.problem(path, 'is one link to a folder too many; remove some');
      else this.folder(path, name, [...above, real]);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      this.problem(path, code === 'ENOENT' || code === 'ELOOP' ? leadsNowhere : unreadable(error));
    }
  }

  private problem(path: string, message: string): void {
    this.problems.push({ path, message });
  }
}

/** Twenty folders with two links each to the next show a million files. */
const linkedFoldersAtMost = 1_000;

const leadsOut = 'is a link that leads out of the repository; replace it by what it should be';
const leadsNowhere = 'is a link that leads to no file; replace it by what it should be, or remove it';

function isOutside(root: string, path: string): boolean {
  return /^\.\.(\/|$)/.test(relative(root, path));
}

function orUnreadable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(unreadable(error), { cause: error });
  }
}

function unreadable(error: unknown): string {
  return `cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}); correct its permissions, or leave it out of the repository`;
}
