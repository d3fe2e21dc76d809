/** Makes commits and merges in a bare repository, with no work tree and no clock of its own: one process for many objects. */
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { Mirror } from './mirror.js';
import { runGit } from './run.js';

/** Who and when, given by the workflow, so that a retried commit has the same id. */
export interface Stamp {
  readonly author: string;
  /** Milliseconds since the epoch; git keeps whole seconds. */
  readonly at: number;
}

/** One path of a tree as it shall be: a blob that is there already, a text, or gone. */
export type TreeChange =
  | { readonly path: string; readonly mode: string; readonly blob: string }
  | { readonly path: string; readonly text: string; readonly mode?: '100755' }
  | { readonly path: string; readonly gone: true };

export interface CommitSpec {
  /** Commit ids; `:1` is the first commit of the same call. */
  readonly parents: readonly string[];
  /** Begin with this tree, or with an empty one for `empty`; absent: with the first parent's. */
  readonly tree?: string;
  readonly changes?: readonly TreeChange[];
  readonly message: string;
  readonly stamp: Stamp;
}

/**
 * Writes commit objects and returns their ids; moves no ref.
 * Deterministic: the same specs give the same ids. Through `git fast-import`, since a process for each object costs more than the objects.
 */
export async function writeCommits(mirror: Mirror, specs: readonly CommitSpec[]): Promise<readonly string[]> {
  const draft = `refs/drafts/${randomUUID()}`;
  const stream = specs.map((spec, at) => `${commitCommand(spec, at + 1, draft)}get-mark :${at + 1}\n`).join('');
  const input = `${stream}reset ${draft}\nfrom ${'0'.repeat(40)}\n\ndone\n`;
  const { stdout } = await runGit(mirror.dir, ['fast-import', '--quiet', '--done'], { input });
  const ids = stdout.trim().split('\n');
  if (ids.length !== specs.length) throw new Error(`git fast-import: wrote ${ids.length} of ${specs.length} commits`);
  return ids;
}

export async function writeCommit(mirror: Mirror, spec: CommitSpec): Promise<string> {
  return (await writeCommits(mirror, [spec]))[0]!;
}

function commitCommand(
  { parents, tree, changes = [], message, stamp }: CommitSpec,
  mark: number,
  draft: string,
): string {
  const [first, ...others] = parents;
  const seconds = Math.floor(stamp.at / 1000);
  const email = `${stamp.author.toLowerCase().replace(/[^a-z0-9]+/g, '-')}@joinpoint.invalid`;
  return [
    `reset ${draft}`,
    '',
    `commit ${draft}`,
    `mark :${mark}`,
    `author ${stamp.author} <${email}> ${seconds} +0000`,
    `committer joinpoint <joinpoint@joinpoint.invalid> ${seconds} +0000`,
    data(message),
    ...(first ? [`from ${first}`] : []),
    ...others.map((parent) => `merge ${parent}`),
    ...(tree === 'empty' ? ['deleteall'] : tree ? [`M 040000 ${tree} `] : []),
    ...changes.map(changeCommand),
    '',
    '',
  ].join('\n');
}

function changeCommand(change: TreeChange): string {
  const path = quoted(change.path);
  if ('gone' in change) return `D ${path}`;
  if ('text' in change) return `M ${change.mode ?? '100644'} inline ${path}\n${data(change.text)}`;
  return `M ${change.mode} ${change.blob} ${path}`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

/** A byte of a path that is no UTF-8, as `pathOf` has it: a surrogate without its other half. */
const loneByte = /[\udc80-\udcff]/gu;

/** fast-import reads a path up to the end of the line, unless it is quoted as in C. */
function quoted(path: string): string {
  if (!/^"|\n/.test(path) && path.search(loneByte) < 0) return path;
  const escaped = path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `"${escaped.replace(loneByte, (byte) => `\\${(byte.charCodeAt(0) - 0xdc00).toString(8)}`)}"`;
}

/** A path from git's bytes; one that is no UTF-8 keeps each of them, since a text of it would name another file. */
function pathOf(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1');
  if (isUtf8(bytes)) return bytes.toString();
  return latin1.replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)));
}

/** The tree ids of commits, in their order. */
export async function treesOf(mirror: Mirror, commits: readonly string[]): Promise<readonly string[]> {
  if (commits.length === 0) return [];
  const { stdout } = await runGit(mirror.dir, ['rev-parse', ...commits.map((commit) => `${commit}^{tree}`)]);
  return stdout.trim().split('\n');
}

export async function treeOf(mirror: Mirror, commit: string): Promise<string> {
  return (await treesOf(mirror, [commit]))[0]!;
}

/** The paths of all files of a tree or commit. */
export async function pathsOf(mirror: Mirror, tree: string): Promise<readonly string[]> {
  const { stdout } = await runGit(mirror.dir, ['ls-tree', '-r', '-z', '--name-only', tree], { encoding: 'latin1' });
  return stdout.split('\0').filter(Boolean).map(pathOf);
}

/** The changed paths from one tree or commit to another, as the second has them; a rename is a removal and an addition. */
export async function changesBetween(mirror: Mirror, from: string, to: string): Promise<readonly TreeChange[]> {
  const { stdout } = await runGit(
    mirror.dir,
    ['diff-tree', '-r', '-z', '--no-renames', '--raw', '--no-abbrev', from, to],
    { encoding: 'latin1' },
  );
  const fields = stdout.split('\0');
  const changes: TreeChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode, , blob] = fields[at]!.split(' ');
    const path = pathOf(fields[at + 1]!);
    changes.push(mode === '000000' ? { path, gone: true } : { path, mode: mode!, blob: blob! });
  }
  return changes;
}

const nobody: Stamp = { author: 'joinpoint', at: 0 };

/** The id of the tree `base` with `changes` applied; a text in place of an executable file is executable too. */
export async function treeWith(mirror: Mirror, base: string, changes: readonly TreeChange[]): Promise<string> {
  if (changes.length === 0) return base;
  const spec = { parents: [], tree: base, message: '', stamp: nobody };
  return treeOf(mirror, await writeCommit(mirror, { ...spec, changes: await keepingModes(mirror, base, changes) }));
}

async function keepingModes(
  mirror: Mirror,
  tree: string,
  changes: readonly TreeChange[],
): Promise<readonly TreeChange[]> {
  if (!changes.some((change) => 'text' in change)) return changes;
  const { stdout } = await runGit(mirror.dir, ['ls-tree', '-r', '-z', tree]);
  const executable = new Set(
    stdout.split('\0').flatMap((entry) => (entry.startsWith('100755 ') ? [entry.slice(entry.indexOf('\t') + 1)] : [])),
  );
  return changes.map((change) =>
    'text' in change && executable.has(change.path) ? { ...change, mode: '100755' } : change,
  );
}

export type MergeOutcome =
  { readonly clean: true; readonly tree: string } | { readonly clean: false; readonly files: readonly string[] };

/** Whatever a machine's own configuration says: the same merge has the same outcome on every worker. */
const mergeRules = [
  '-c',
  'merge.renames=true',
  '-c',
  'merge.directoryRenames=conflict',
  '-c',
  'merge.renormalize=false',
];

/**
 * A three-way merge of trees.
 * Through commits made for it, since git before 2.40 takes no merge base; they are never pushed.
 */
export async function mergeTrees(mirror: Mirror, base: string, ours: string, theirs: string): Promise<MergeOutcome> {
  if (base === theirs || ours === theirs) return { clean: true, tree: ours };
  if (base === ours) return { clean: true, tree: theirs };
  const spec = { message: '', stamp: nobody };
  const [, left, right] = await writeCommits(mirror, [
    { ...spec, parents: [], tree: base },
    { ...spec, parents: [':1'], tree: ours },
    { ...spec, parents: [':1'], tree: theirs, message: 'theirs' },
  ]);
  const { stdout, exitCode } = await runGit(
    mirror.dir,
    [...mergeRules, 'merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', left!, right!],
    { allow: [1] },
  );
  const [tree, ...files] = stdout.split('\0').filter((field) => field.trim() !== '');
  return exitCode === 0 ? { clean: true, tree: tree!.trim() } : { clean: false, files: [...new Set(files)] };
}
