/** Folds the tasks of a join point, in plan order, into one line of commits on the target's head: the candidate. */
import { cutByStage, landingOrder, type StagedUnit } from '../plan/landing-order.js';
import type { Stage } from '../plan/schema.js';
import { changesBetween, commitTree, mergeTrees, type Stamp, type TreeChange, treeWith } from './commit.js';
import { type Mirror, treeOf } from './mirror.js';
import { runGit } from './run.js';
import { landingMessage, landingText } from './trailers.js';

/** A task's finished work, as the fold takes it. */
export interface FoldUnit {
  readonly task: string;
  readonly title: string;
  readonly author: string;
  readonly needs: readonly string[];
  /** The work is the difference from `base` to `head`. */
  readonly base: string;
  readonly head: string;
  readonly n: number;
}

export interface FoldRequest {
  readonly uid: string;
  readonly onto: string;
  readonly units: readonly FoldUnit[];
  readonly stages: readonly Stage[];
  /** Milliseconds since the epoch, from the workflow. */
  readonly at: number;
  /** Landings (`task/stage/n`) that are in `onto` already and are not folded again. */
  readonly landed?: readonly string[];
}

export interface CandidateCommit {
  readonly task: string;
  readonly stage: string;
  readonly n: number;
  readonly commit: string;
  /** `git patch-id --verbatim`: equal when a moved head changed nothing about the patch. */
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
  | { readonly status: 'conflict'; readonly task: string; readonly files: readonly string[]; readonly onto: string };

/**
 * The candidate for `request.units`; pure git, no push.
 * Deterministic: the same request gives the same commit ids.
 */
export async function foldCandidate(mirror: Mirror, request: FoldRequest): Promise<FoldOutcome> {
  const staged = await stageUnits(mirror, request);
  const waves: { stage: string; commits: CandidateCommit[] }[] = [];
  const empty = request.units.map(({ task }) => task).filter((task) => !staged.some(({ unit }) => unit.task === task));
  const landed = new Set(request.landed ?? []);
  let head = request.onto;
  for (const wave of landingOrder(staged, request.stages)) {
    const commits: CandidateCommit[] = [];
    for (const { unit, stage, from, to } of wave.units) {
      if (landed.has(landingText({ task: unit.task, stage, n: unit.n }))) continue;
      const outcome = await foldOne(mirror, request, unit, { stage, from, to }, head);
      if (outcome === 'empty') continue;
      if ('files' in outcome) return { status: 'conflict', task: unit.task, files: outcome.files, onto: head };
      commits.push(outcome);
      head = outcome.commit;
    }
    if (commits.length > 0) waves.push({ stage: wave.stage, commits });
  }
  return { status: 'folded', candidate: { onto: request.onto, head, waves, empty, overlaps: overlapsOf(staged) } };
}

type Staged = StagedUnit<FoldUnit> & { readonly from: string; readonly to: string };

/** Cuts every task's difference by stage: stage k takes the tree from what the stages before it left. */
async function stageUnits(mirror: Mirror, request: FoldRequest): Promise<readonly Staged[]> {
  const staged: Staged[] = [];
  for (const unit of request.units) {
    const changes = await changesBetween(mirror, unit.base, unit.head);
    const byPath = new Map(changes.map((change) => [change.path, change]));
    let from = await treeOf(mirror, unit.base);
    for (const { stage, paths } of cutByStage(request.stages, [...byPath.keys()])) {
      const to = await treeWith(mirror, from, paths.map((path) => byPath.get(path)).filter((change): change is TreeChange => change !== undefined));
      staged.push({ unit, stage, paths, from, to });
      from = to;
    }
  }
  return staged;
}

async function foldOne(
  mirror: Mirror,
  { uid, at }: FoldRequest,
  unit: FoldUnit,
  part: { readonly stage: string; readonly from: string; readonly to: string },
  head: string,
): Promise<CandidateCommit | 'empty' | { readonly files: readonly string[] }> {
  const before = await treeOf(mirror, head);
  const merged = await mergeTrees(mirror, part.from, before, part.to);
  if (!merged.clean) return { files: merged.files };
  if (merged.tree === before) return 'empty';
  const id = { task: unit.task, stage: part.stage, n: unit.n };
  const stamp: Stamp = { author: unit.author, at };
  const commit = await commitTree(mirror, merged.tree, [head], landingMessage(`${unit.task}: ${unit.title} [${part.stage}]`, uid, id), stamp);
  return { ...id, commit, patchId: await patchId(mirror, commit) };
}

async function patchId(mirror: Mirror, commit: string): Promise<string> {
  const { stdout: patch } = await runGit(mirror.dir, ['diff-tree', '-p', '--full-index', '--binary', commit]);
  const { stdout } = await runGit(mirror.dir, ['patch-id', '--verbatim'], { input: patch });
  return stdout.split(' ')[0]!.trim();
}

function overlapsOf(staged: readonly Staged[]): Candidate['overlaps'] {
  const tasksByFile = new Map<string, string[]>();
  for (const { unit, paths } of staged) {
    for (const path of paths) {
      const tasks = tasksByFile.get(path) ?? [];
      if (!tasks.includes(unit.task)) tasksByFile.set(path, [...tasks, unit.task]);
    }
  }
  return [...tasksByFile].filter(([, tasks]) => tasks.length > 1).map(([file, tasks]) => ({ file, tasks }));
}
