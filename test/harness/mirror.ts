/** A throw-away origin with a mirror of it in a throw-away home, for tests of the git library. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stamp, type TreeChange, writeCommit } from '../../git/commit.js';
import { fetchMirror, type Mirror, openMirror } from '../../git/mirror.js';
import { runGit } from '../../git/run.js';
import { Origin } from './origin.js';

export const stamp: Stamp = { author: 'Agent A', at: 1_700_000_000_000 };

export class Mirrored {
  private readonly homes: string[] = [];

  private constructor(
    readonly origin: Origin,
    readonly start: string,
  ) {}

  static async of(
    files: Readonly<Record<string, string>>,
  ): Promise<{ readonly repo: Mirrored; readonly mirror: Mirror }> {
    const origin = Origin.create(files);
    const repo = new Mirrored(origin, origin.head());
    return { repo, mirror: await repo.mirror() };
  }

  /** Another mirror of the same origin, as another worker has it. */
  async mirror(): Promise<Mirror> {
    const home = mkdtempSync(join(tmpdir(), 'joinpoint-home-'));
    this.homes.push(home);
    const mirror = await openMirror(home, this.origin.url);
    await fetchMirror(mirror);
    return mirror;
  }

  remove(): void {
    for (const home of this.homes) rmSync(home, { recursive: true, force: true });
    this.origin.remove();
  }
}

/** A commit on `parent` with files written (or removed, for null); it is in the mirror only. */
export function edit(
  mirror: Mirror,
  parent: string,
  files: Readonly<Record<string, string | null>>,
  message = 'work\n',
): Promise<string> {
  const changes = Object.entries(files).map(([path, text]): TreeChange =>
    text === null ? { path, gone: true } : { path, text },
  );
  return writeCommit(mirror, { parents: [parent], changes, message, stamp });
}

/** Every path of a tree with its mode and blob, as `git ls-tree` has it. */
export async function listing(mirror: Mirror, tree: string): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await runGit(mirror.dir, ['ls-tree', '-r', '-z', tree]);
  const entries = stdout.split('\0').filter(Boolean);
  return Object.fromEntries(
    entries.map((entry) => {
      const tab = entry.indexOf('\t');
      const [mode, , id] = entry.slice(0, tab).split(' ');
      return [entry.slice(tab + 1), `${mode} ${id}`];
    }),
  );
}
