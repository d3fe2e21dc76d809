/** A bare git origin whose hooks refuse every non-fast-forward and log every push: the witness of what really happened. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface LoggedPush {
  readonly ref: string;
  readonly from: string;
  readonly to: string;
}

const somebody = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.invalid'];

const zero = '0'.repeat(40);

const updateHook = `#!/bin/sh
# Refuses to rewind or delete any ref, tags and refs/joinpoint included.
[ "$2" = "${zero}" ] && exit 0
[ "$3" = "${zero}" ] && { echo "refused: $1 may not be deleted" >&2; exit 1; }
git merge-base --is-ancestor "$2" "$3" || { echo "refused: $1 is no fast-forward" >&2; exit 1; }
`;

const postReceiveHook = `#!/bin/sh
while read -r from to ref; do echo "$ref $from $to"; done >> "$GIT_DIR/pushes.log"
`;

export class Origin {
  private constructor(readonly url: string) {}

  /** A fresh bare repository with one commit on `main` that holds `files`. */
  static create(files: Readonly<Record<string, string>>): Origin {
    const origin = Origin.bare();
    origin.commit(files, 'start');
    return origin;
  }

  /** A fresh bare repository with one commit on `main` that holds what a folder holds. */
  static ofFolder(folder: string): Origin {
    const origin = Origin.bare();
    const work = mkdtempSync(join(tmpdir(), 'joinpoint-work-'));
    try {
      cpSync(folder, work, { recursive: true });
      git(work, ['init', '--quiet', '--initial-branch=main']);
      git(work, ['add', '--all', '--force']);
      git(work, [...somebody, 'commit', '--quiet', '-m', 'start']);
      git(work, ['push', '--quiet', origin.url, 'main']);
      return origin;
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }

  private static bare(): Origin {
    const url = mkdtempSync(join(tmpdir(), 'joinpoint-origin-'));
    git(url, ['init', '--quiet', '--bare', '--initial-branch=main']);
    for (const [name, text] of [
      ['update', updateHook],
      ['post-receive', postReceiveHook],
    ] as const) {
      const path = join(url, 'hooks', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      chmodSync(path, 0o755);
    }
    return new Origin(url);
  }

  /** Somebody else pushes to a branch. */
  commit(files: Readonly<Record<string, string | null>>, message: string, branch = 'main'): string {
    const work = mkdtempSync(join(tmpdir(), 'joinpoint-work-'));
    try {
      const exists = git(this.url, ['branch', '--list', branch]).trim() !== '';
      git(work, ['clone', '--quiet', ...(exists ? ['--branch', branch] : []), this.url, '.']);
      if (!exists) git(work, ['checkout', '--quiet', '-b', branch]);
      for (const [path, text] of Object.entries(files)) {
        if (text === null) rmSync(join(work, path));
        else {
          mkdirSync(dirname(join(work, path)), { recursive: true });
          writeFileSync(join(work, path), text);
        }
      }
      git(work, ['add', '--all']);
      git(work, [...somebody, 'commit', '--quiet', '--allow-empty', '-m', message]);
      git(work, ['push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`]);
      return git(work, ['rev-parse', 'HEAD']).trim();
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }

  /** Declines pushes to refs that begin with `prefix`, as a protected branch does; returns what allows them again. */
  refuse(prefix: string): () => void {
    const path = join(this.url, 'hooks', 'update');
    writeFileSync(path, `#!/bin/sh\ncase "$1" in ${prefix}*) echo "not here" >&2; exit 1 ;; esac\n`);
    return () => writeFileSync(path, updateHook);
  }

  git(...args: string[]): string {
    return git(this.url, args);
  }

  head(ref = 'main'): string {
    return this.git('rev-parse', ref).trim();
  }

  tree(ref = 'main'): string {
    return this.git('rev-parse', `${ref}^{tree}`).trim();
  }

  read(path: string, ref = 'main'): string {
    return this.git('show', `${ref}:${path}`);
  }

  refs(prefix = ''): readonly string[] {
    return this.git('for-each-ref', '--format=%(refname)', prefix).split('\n').filter(Boolean);
  }

  /** Every ref update that reached the origin, in order. */
  pushes(): readonly LoggedPush[] {
    try {
      return readFileSync(join(this.url, 'pushes.log'), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => {
          const [ref, from, to] = line.split(' ') as [string, string, string];
          return { ref, from, to };
        });
    } catch {
      return [];
    }
  }

  /** The subjects of the commits that landed, oldest first, without the first. */
  landed(): readonly string[] {
    return this.git('log', '--reverse', '--format=%s', 'main').split('\n').filter(Boolean).slice(1);
  }

  /** True when every commit on main has one parent. */
  isLinear(): boolean {
    return this.git('rev-list', '--min-parents=2', 'main').trim() === '';
  }

  remove(): void {
    // A worker that is ended just now may still push.
    rmSync(this.url, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

function git(cwd: string, args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
}
