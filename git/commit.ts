/** Makes commits, trees and merges in a bare repository, with no work tree and no clock of its own. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mirror } from './mirror.js';
import { gitLine, runGit } from './run.js';

/** Who and when, given by the workflow, so that a retried commit has the same id. */
export interface Stamp {
  readonly author: string;
  /** Milliseconds since the epoch; git keeps whole seconds. */
  readonly at: number;
}

const committer = 'joinpoint';

/** Writes a commit object; the same arguments give the same id. */
export async function commitTree(mirror: Mirror, tree: string, parents: readonly string[], message: string, stamp: Stamp): Promise<string> {
  const date = `@${Math.floor(stamp.at / 1000)} +0000`;
  return gitLine(mirror.dir, ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'], {
    input: message,
    env: {
      GIT_AUTHOR_NAME: stamp.author,
      GIT_AUTHOR_EMAIL: `${stamp.author.toLowerCase().replace(/[^a-z0-9]+/g, '-')}@joinpoint.invalid`,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: committer,
      GIT_COMMITTER_EMAIL: 'joinpoint@joinpoint.invalid',
      GIT_COMMITTER_DATE: date,
    },
  });
}

export interface TreeChange {
  readonly path: string;
  /** `000000` where the file is absent. */
  readonly mode: string;
  readonly blob: string;
}

/** The changed paths from one tree to another, as the entries of the second; renames are a removal and an addition. */
export async function changesBetween(mirror: Mirror, from: string, to: string): Promise<readonly TreeChange[]> {
  const { stdout } = await runGit(mirror.dir, ['diff-tree', '-r', '-z', '--no-renames', '--raw', '--no-abbrev', from, to]);
  const fields = stdout.split('\0');
  const changes: TreeChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode, , blob] = fields[at]!.split(' ');
    changes.push({ path: fields[at + 1]!, mode: mode!, blob: blob! });
  }
  return changes;
}

/** The tree `base` with `changes` applied. */
export async function treeWith(mirror: Mirror, base: string, changes: readonly TreeChange[]): Promise<string> {
  const index = join(mirror.dir, `index.${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await runGit(mirror.dir, ['read-tree', base], { env });
    const lines = changes.map(({ mode, blob, path }) => `${mode} ${blob}\t${path}\0`).join('');
    await runGit(mirror.dir, ['update-index', '-z', '--index-info'], { env, input: lines });
    return await gitLine(mirror.dir, ['write-tree'], { env });
  } finally {
    await rm(index, { force: true });
  }
}

/** The blob of a text, written to the object store. */
export async function writeBlob(mirror: Mirror, content: string): Promise<string> {
  return gitLine(mirror.dir, ['hash-object', '-w', '--stdin'], { input: content });
}

export type MergeOutcome = { readonly clean: true; readonly tree: string } | { readonly clean: false; readonly files: readonly string[] };

const noStamp: Stamp = { author: 'joinpoint', at: 0 };

/**
 * A three-way merge of trees.
 * Through commits made for it, since git before 2.40 takes no merge base; they are never pushed.
 */
export async function mergeTrees(mirror: Mirror, base: string, ours: string, theirs: string): Promise<MergeOutcome> {
  if (base === theirs || ours === theirs) return { clean: true, tree: ours };
  if (base === ours) return { clean: true, tree: theirs };
  const root = await commitTree(mirror, base, [], 'base', noStamp);
  const left = await commitTree(mirror, ours, [root], 'ours', noStamp);
  const right = await commitTree(mirror, theirs, [root], 'theirs', noStamp);
  const { stdout, exitCode } = await runGit(mirror.dir, ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', left, right], { allow: [1] });
  const [tree, ...files] = stdout.split('\0').filter((field) => field.trim() !== '');
  return exitCode === 0 ? { clean: true, tree: tree!.trim() } : { clean: false, files: [...new Set(files)] };
}
