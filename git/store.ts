/** The store under `refs/joinpoint/<uid>/<writer>`: one chain of commits per writer, pushed with a lease. */
import { commitTree, type Stamp, type TreeChange, treeWith, writeBlob } from './commit.js';
import { fetchMirror, type Mirror, resolveCommit } from './mirror.js';
import { pushRefs, type RefUpdate } from './push.js';
import { gitLine, runGit } from './run.js';

/** One chain: a rollout's plan, a task, a join point, a pull request. */
export interface Chain {
  readonly uid: string;
  readonly writer: string;
}

export function chainRef({ uid, writer }: Chain): string {
  return `refs/joinpoint/${uid}/${writer}`;
}

/** A recorded file's text, or undefined; reads what was fetched last. */
export async function readRecord(mirror: Mirror, chain: Chain, path: string): Promise<string | undefined> {
  const { stdout, exitCode } = await runGit(mirror.dir, ['cat-file', 'blob', `${chainRef(chain)}:${path}`], { allow: [128] });
  return exitCode === 0 ? stdout : undefined;
}

export interface RecordEntry {
  /** The key: a path in the chain's tree. A path that is there already is an effect that was made already. */
  readonly path: string;
  readonly files: Readonly<Record<string, string>>;
  readonly message: string;
  readonly stamp: Stamp;
  /** Commits to keep reachable through the chain, such as a candidate's head. */
  readonly keep?: readonly string[];
  /** Other refs that move in the same push, or not at all. */
  readonly alongside?: readonly RefUpdate[];
}

const triesAtMost = 8;

/** A race that was lost too often in a row; transient. */
export class LostRace extends Error {
  override readonly name = 'LostRace';
}

/**
 * Records `entry.files` unless `entry.path` is recorded already, and returns what is recorded at `entry.path`.
 * Idempotent by that path; safe against a late twin, since the push holds a lease on the chain.
 * @throws LostRace when other writers win every time, or when a ref alongside is not as expected.
 */
export async function recordOnce(mirror: Mirror, chain: Chain, entry: RecordEntry): Promise<string> {
  for (let attempt = 1; attempt <= triesAtMost; attempt++) {
    const known = await readRecord(mirror, chain, entry.path);
    if (known !== undefined) return known;
    const ref = chainRef(chain);
    const tip = await resolveCommit(mirror, ref);
    const tree = await treeOfFiles(mirror, tip, entry.files);
    const commit = await commitTree(mirror, tree, [...(tip ? [tip] : []), ...(entry.keep ?? [])], `${entry.message}\n`, entry.stamp);
    const outcome = await pushRefs(mirror, [{ ref, to: commit, expected: tip ?? null }, ...(entry.alongside ?? [])]);
    if (outcome === 'pushed') {
      await runGit(mirror.dir, ['update-ref', ref, commit]);
      return entry.files[entry.path]!;
    }
    await fetchMirror(mirror);
    if (attempt > 1 && (await readRecord(mirror, chain, entry.path)) === undefined && entry.alongside?.length) {
      throw new LostRace(`${ref}: a ref that moves with ${entry.path} is not where it was expected; look again`);
    }
  }
  throw new LostRace(`${chainRef(chain)}: lost ${triesAtMost} races for ${entry.path}`);
}

async function treeOfFiles(mirror: Mirror, tip: string | undefined, files: Readonly<Record<string, string>>): Promise<string> {
  const base = tip ? await gitLine(mirror.dir, ['rev-parse', `${tip}^{tree}`]) : await emptyTree(mirror);
  const changes: TreeChange[] = [];
  for (const [path, content] of Object.entries(files)) {
    changes.push({ path, mode: '100644', blob: await writeBlob(mirror, content) });
  }
  return treeWith(mirror, base, changes);
}

async function emptyTree(mirror: Mirror): Promise<string> {
  return gitLine(mirror.dir, ['mktree'], { input: '' });
}

const repositoryRef = 'refs/joinpoint/repository';

/**
 * The repository's own id, minted once and kept in it: the name of the landing lock.
 * Idempotent: of two that mint at once, the push of one is refused and it reads the other's.
 */
export async function repositoryId(mirror: Mirror, candidateId: string, stamp: Stamp): Promise<string> {
  for (let attempt = 1; attempt <= triesAtMost; attempt++) {
    const { stdout, exitCode } = await runGit(mirror.dir, ['cat-file', 'blob', `${repositoryRef}:id`], { allow: [128] });
    if (exitCode === 0) return stdout.trim();
    const tree = await treeOfFiles(mirror, undefined, { id: `${candidateId}\n` });
    const commit = await commitTree(mirror, tree, [], 'joinpoint: the id of this repository\n', stamp);
    await pushRefs(mirror, [{ ref: repositoryRef, to: commit, expected: null }]);
    await fetchMirror(mirror);
  }
  throw new LostRace(`${repositoryRef}: could not be minted`);
}
