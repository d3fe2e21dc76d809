/** Folds the tasks of a join point, in plan order, into one line of commits on the target's head: the candidate. */
import { cutByStage, landingOrder } from '../plan/landing-order.js';
import type { Stage } from '../plan/schema.js';
import { type MergeOutcome, mergeTrees, type TreeChange, treeOf, treeWith, writeCommit } from './commit.js';
import type { FoldUnit, Rerun } from './fold-unit.js';
import type { Mirror } from './mirror.js';
import { runGit } from './run.js';
import { type StagedPart, stageUnits } from './stage-units.js';
import { type LandingId, landingMessage, landingText } from './trailers.js';

export interface FoldRequest {
  readonly uid: string;
  readonly onto: string;
  readonly units: readonly FoldUnit[];
  readonly stages: readonly Stage[];
  /** Milliseconds since the epoch, from the workflow. */
  readonly at: number;
  /** Landings (`task/stage/n`) that are in `onto` already and are not folded again. */
  readonly landed?: readonly string[];
  /** Without it, the work of playbooks is replayed like any other. */
  readonly rerun?: Rerun;
}

export interface CandidateCommit {
  readonly task: string;
  readonly stage: string;
  readonly n: number;
  readonly commit: string;
  /** `git patch-id --verbatim`: equal when a moved head changed nothing about the patch. The commit where git has none. */
  readonly patchId: string;
}

export interface Candidate {
  readonly onto: string;
  readonly head: string;
  /** In the order of landing; a wave is what is pushed and proven at once. */
  readonly waves: readonly { readonly stage: string; readonly commits: readonly CandidateCommit[] }[];
  /** Tasks whose work was in the target already. */
  readonly empty: readonly string[];
  /** Files that more than one task edits. */
  readonly overlaps: readonly { readonly file: string; readonly tasks: readonly string[] }[];
}

export type FoldOutcome =
  | { readonly status: 'folded'; readonly candidate: Candidate }
  | ({ readonly status: 'conflict'; readonly task: string; readonly onto: string } & Conflict);

interface Conflict {
  readonly files: readonly string[];
  /** Instead of files: what a playbook says that cannot be carried out on what is there. */
  readonly why?: string;
}

/**
 * The candidate for `request.units`; pure git, no push.
 * Deterministic: the same request gives the same commit ids.
 */
export async function foldCandidate(mirror: Mirror, request: FoldRequest): Promise<FoldOutcome> {
  const staged = await stageUnits(mirror, { ...request, carriesOutPlaybooks: request.rerun !== undefined });
  const waves: { stage: string; commits: Omit<CandidateCommit, 'patchId'>[] }[] = [];
  const landed = new Set(request.landed ?? []);
  let tip: Tip = { commit: request.onto, tree: await treeOf(mirror, request.onto) };
  for (const wave of landingOrder(staged, request.stages)) {
    const commits: Omit<CandidateCommit, 'patchId'>[] = [];
    for (const part of wave.units) {
      const id: LandingId = { task: part.unit.task, stage: part.stage, n: part.unit.n };
      if (landed.has(landingText(id))) continue;
      const outcome = await foldOne(mirror, request, part, id, tip);
      if ('files' in outcome) return { status: 'conflict', task: id.task, onto: tip.commit, ...outcome };
      if (outcome.commit === tip.commit) continue;
      commits.push({ ...id, commit: outcome.commit });
      tip = outcome;
    }
    if (commits.length > 0) waves.push({ stage: wave.stage, commits });
  }
  const folded = new Set([...landed].map((text) => text.split('/')[0]));
  waves.forEach(({ commits }) => commits.forEach(({ task }) => folded.add(task)));
  const empty = request.units.map(({ task }) => task).filter((task) => !folded.has(task));
  const patchIds = await patchIdsOf(mirror, request.onto, tip.commit);
  const withPatches = waves.map(({ stage, commits }) => ({
    stage,
    commits: commits.map((one) => ({ ...one, patchId: patchIds.get(one.commit) ?? one.commit })),
  }));
  return {
    status: 'folded',
    candidate: { onto: request.onto, head: tip.commit, waves: withPatches, empty, overlaps: overlapsOf(staged) },
  };
}

/** Where the fold stands. */
interface Tip {
  readonly commit: string;
  readonly tree: string;
}

/** The part on top of the tip; the tip itself where it brings nothing new. */
async function foldOne(
  mirror: Mirror,
  request: FoldRequest,
  part: StagedPart,
  id: LandingId,
  tip: Tip,
): Promise<Tip | Conflict> {
  const anew = await carriedOutAnew(mirror, request, part, tip);
  if (anew && 'refused' in anew) return { files: [], why: anew.refused };
  const merged = anew ?? (await mergeTrees(mirror, part.from, tip.tree, part.to));
  if (!merged.clean) return { files: merged.files };
  if (merged.tree === tip.tree) return tip;
  const { unit, stage } = part;
  const message = landingMessage(`${unit.task}: ${unit.title} [${stage}]`, request.uid, id);
  return {
    commit: await writeCommit(mirror, {
      parents: [tip.commit],
      tree: merged.tree,
      message,
      stamp: { author: unit.author, at: request.at },
    }),
    tree: merged.tree,
  };
}

/** A playbook's part, made on the tree so far, or why it cannot be; undefined for any other work. */
async function carriedOutAnew(
  mirror: Mirror,
  { rerun, stages }: FoldRequest,
  { unit, stage, isLater }: StagedPart,
  { tree }: Tip,
): Promise<MergeOutcome | { readonly refused: string } | undefined> {
  const { playbook } = unit;
  if (!rerun || !playbook) return undefined;
  const changes = await rerun({ ...unit, playbook }, isLater ? stage : undefined, tree);
  if ('refused' in changes) return changes;
  const isOwn = ({ path }: TreeChange): boolean => isLater || cutByStage(stages, [path])[0]!.stage === stage;
  return { clean: true, tree: await treeWith(mirror, tree, changes.filter(isOwn)) };
}

/** `git patch-id --verbatim` of every commit in `from..to`. */
async function patchIdsOf(mirror: Mirror, from: string, to: string): Promise<ReadonlyMap<string, string>> {
  if (from === to) return new Map();
  // Plumbing: colours, prefixes and renames are as everywhere, whatever this user's git is told.
  const { stdout: commits } = await runGit(mirror.dir, ['rev-list', `${from}..${to}`]);
  const { stdout: patches } = await runGit(mirror.dir, ['diff-tree', '--stdin', '-p', '--full-index', '--binary'], {
    input: commits,
    encoding: 'latin1',
  });
  const { stdout } = await runGit(mirror.dir, ['patch-id', '--verbatim'], { input: patches });
  return new Map(
    stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(' ').reverse() as [string, string]),
  );
}

function overlapsOf(staged: readonly StagedPart[]): Candidate['overlaps'] {
  const tasksByFile = new Map<string, string[]>();
  for (const { unit, paths } of staged) {
    for (const path of paths) {
      const tasks = tasksByFile.get(path) ?? [];
      if (!tasks.includes(unit.task)) tasksByFile.set(path, [...tasks, unit.task]);
    }
  }
  return [...tasksByFile].filter(([, tasks]) => tasks.length > 1).map(([file, tasks]) => ({ file, tasks }));
}
