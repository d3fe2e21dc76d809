/** The store under `refs/joinpoint/<uid>/<writer>`: one chain of commits per writer, pushed with a lease. */
import { type Stamp, writeCommit } from './commit.js';
import { fetchMirror, type Mirror } from './mirror.js';
import { pushRefs, type RefUpdate } from './push.js';
import { readObjects } from './read-objects.js';

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
  const [record] = await readObjects(mirror, [`${chainRef(chain)}:${path}`]);
  return record?.text;
}

type RecordedFiles = Readonly<Record<string, string>>;

export interface RecordEntry {
  /** The key: a path in the chain's tree. A path that is there already is an effect that was made already. */
  readonly path: string;
  /** A function is asked again after a lost race: for what follows from what the chain holds. */
  readonly files: RecordedFiles | (() => Promise<RecordedFiles>);
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
 * Idempotent by that path; safe against a late twin and without a fetch before, since the push holds a lease on the chain.
 * @throws LostRace when other writers win every time, or when a ref alongside is not as expected.
 */
export async function recordOnce(mirror: Mirror, chain: Chain, entry: RecordEntry): Promise<string> {
  const ref = chainRef(chain);
  for (let attempt = 1; attempt <= triesAtMost; attempt++) {
    const [tip, known] = await readObjects(mirror, [ref, `${ref}:${entry.path}`]);
    if (known) return known.text;
    const files = typeof entry.files === 'function' ? await entry.files() : entry.files;
    const commit = await writeCommit(mirror, {
      parents: [...(tip ? [tip.id] : []), ...(entry.keep ?? [])],
      ...(!tip && { tree: 'empty' }),
      changes: Object.entries(files).map(([path, text]) => ({ path, text })),
      message: `${entry.message}\n`,
      stamp: entry.stamp,
    });
    const outcome = await pushRefs(mirror, [
      { ref, to: commit, expected: tip?.id ?? null },
      ...(entry.alongside ?? []),
    ]);
    // A push moves the mirror's own copy of the ref too, since the fetch refspec maps it.
    if (outcome === 'pushed') return files[entry.path]!;
    await fetchMirror(mirror);
    if (attempt > 1 && (await readRecord(mirror, chain, entry.path)) === undefined && entry.alongside?.length) {
      throw new LostRace(`${ref}: a ref that moves with ${entry.path} is not where it was expected; look again`);
    }
  }
  throw new LostRace(`${chainRef(chain)}: lost ${triesAtMost} races for ${entry.path}`);
}

const repositoryRef = 'refs/joinpoint/repository';

/**
 * The repository's own id, minted once and kept in it: the name of the landing lock.
 * Idempotent: of two that mint at once, the push of one is refused and it reads the other's.
 */
export async function repositoryId(mirror: Mirror, candidateId: string, stamp: Stamp): Promise<string> {
  for (let attempt = 1; attempt <= triesAtMost; attempt++) {
    const [known] = await readObjects(mirror, [`${repositoryRef}:id`]);
    if (known) return known.text.trim();
    const changes = [{ path: 'id', text: `${candidateId}\n` }];
    const commit = await writeCommit(mirror, {
      parents: [],
      tree: 'empty',
      changes,
      message: 'joinpoint: the id of this repository\n',
      stamp,
    });
    await pushRefs(mirror, [{ ref: repositoryRef, to: commit, expected: null }]);
    await fetchMirror(mirror);
  }
  throw new LostRace(`${repositoryRef}: could not be minted`);
}
