/** Judges a folder again after every change of it, in one process, until it is interrupted. */
import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileTree } from '../../gitops/source/file-tree.js';

/** An editor saves in several steps. */
const quietMs = 25;
/** Where the system watches no more folders, it is looked at as often. */
const pollEveryMs = 1_000;

/** Calls `onChange` after changes below `root`, never twice at once; returns when `signal` is aborted. */
export async function watchFolder(
  root: string,
  onChange: () => Promise<FileTree>,
  first: FileTree,
  signal: AbortSignal,
): Promise<void> {
  const watches = new FolderWatches(root);
  watches.add(foldersOf(first));
  while (!signal.aborted) {
    await watches.changed(signal);
    if (signal.aborted) break;
    watches.add(foldersOf(await onChange()));
  }
  watches.close();
}

function foldersOf({ paths }: FileTree): ReadonlySet<string> {
  const folders = new Set(['.']);
  for (const path of paths) {
    for (let folder = dirname(path); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
  }
  return folders;
}

/** Each folder by itself: the recursive watch of Node 20 on Linux loses folders that come and go. */
class FolderWatches {
  private readonly watchers = new Map<string, FSWatcher>();
  private dirty = false;
  private mustPoll = false;
  private wake: () => void = () => undefined;

  constructor(private readonly root: string) {}

  add(folders: Iterable<string>): void {
    for (const folder of folders) if (!this.watchers.has(folder)) this.watchOne(folder);
  }

  close(): void {
    for (const watcher of this.watchers.values()) watcher.close();
  }

  /** Resolves when something has changed and nothing more has for a moment, or on abort. */
  async changed(signal: AbortSignal): Promise<void> {
    while (!this.dirty && !signal.aborted) {
      if (this.mustPoll) this.dirty = true;
      await this.next(this.mustPoll ? pollEveryMs : undefined, signal);
    }
    while (this.dirty && !signal.aborted) {
      this.dirty = false;
      await this.next(quietMs, signal);
    }
  }

  private next(ms: number | undefined, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = ms === undefined ? undefined : setTimeout(done, ms);
      this.wake = done;
      signal.addEventListener('abort', done, { once: true });
    });
  }

  private watchOne(folder: string): void {
    try {
      const watcher = watch(join(this.root, folder), (_, name) => this.saw(folder, name));
      watcher.on('error', () => this.forget(folder));
      this.watchers.set(folder, watcher);
    } catch (error) {
      // A folder that is gone has said so to the one above; anything else means that no more can be watched.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.mustPoll = true;
    }
  }

  private saw(folder: string, name: string | null): void {
    this.dirty = true;
    this.wake();
    if (name === null || name === '.git' || name === 'node_modules') return;
    // A new folder may get its files before the next look, and an old one may be another by now.
    const path = join(folder, name);
    this.forget(path);
    if (isFolder(join(this.root, path))) this.watchBelow(path);
  }

  private watchBelow(folder: string): void {
    this.watchOne(folder);
    try {
      for (const entry of readdirSync(join(this.root, folder), { withFileTypes: true }))
        if (entry.isDirectory()) this.watchBelow(join(folder, entry.name));
    } catch {
      // Gone again: the folder above has seen that, too.
    }
  }

  private forget(folder: string): void {
    this.watchers.get(folder)?.close();
    this.watchers.delete(folder);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
