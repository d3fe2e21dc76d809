/** Folds the tasks of a join point, in plan order, into one line of commits on the target's head: the candidate. */
import { cutByStage, landingOrder, type StagedUnit } from '../plan/landing-order.js';
import type { Stage } from '../plan/schema.js';
import { changesBetween, mergeTrees, treeOf, treesOf, treeWith, writeCommit } from './commit.js';
import type { Mirror } from './mirror.js';
import { runGit } from './run.js';
import { type LandingId, landingMessage, landingText } from './trailers.js';

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
  const waves: { stage: string; commits: Omit<CandidateCommit, 'patchId'>[] }[] = [];
  const landed = new Set(request.landed ?? []);
  let tip: Tip = { commit: request.onto, tree: await treeOf(mirror, request.onto) };
  for (const wave of landingOrder(staged, request.stages)) {
    const commits: Omit<CandidateCommit, 'patchId'>[] = [];
    for (const part of wave.units) {
      const id: LandingId = { task: part.unit.task, stage: part.stage, n: part.unit.n };
      if (landed.has(landingText(id))) continue;
      const outcome = await foldOne(mirror, request, part, id, tip);
      if ('files' in outcome) return { status: 'conflict', task: id.task, files: outcome.files, onto: tip.commit };
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
    commits: commits.map((one) => ({ ...one, patchId: patchIds.get(one.commit) ?? '' })),
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

type Staged = StagedUnit<FoldUnit> & { readonly from: string; readonly to: string };

/** Cuts every task's difference by stage: stage k takes the tree from what the stages before it left. */
async function stageUnits(mirror: Mirror, { units, stages }: FoldRequest): Promise<readonly Staged[]> {
  const trees = await treesOf(
    mirror,
    units.flatMap(({ base, head }) => [base, head]),
  );
  const staged: Staged[] = [];
  for (const [at, unit] of units.entries()) {
    let from = trees[2 * at]!;
    const whole = trees[2 * at + 1]!;
    const changes = await changesBetween(mirror, from, whole);
    const parts = cutByStage(
      stages,
      changes.map(({ path }) => path),
    );
    for (const [place, { stage, paths }] of parts.entries()) {
      const own = new Set(paths);
      const to =
        place === parts.length - 1
          ? whole
          : await treeWith(
              mirror,
              from,
              changes.filter(({ path }) => own.has(path)),
            );
      staged.push({ unit, stage, paths, from, to });
      from = to;
    }
  }
  return staged;
}

/** The part on top of the tip; the tip itself where it brings nothing new. */
async function foldOne(
  mirror: Mirror,
  { uid, at }: FoldRequest,
  { unit, stage, from, to }: Staged,
  id: LandingId,
  tip: Tip,
): Promise<Tip | { readonly files: readonly string[] }> {
  const merged = await mergeTrees(mirror, from, tip.tree, to);
  if (!merged.clean) return { files: merged.files };
  if (merged.tree === tip.tree) return tip;
  const message = landingMessage(`${unit.task}: ${unit.title} [${stage}]`, uid, id);
  return {
    commit: await writeCommit(mirror, {
      parents: [tip.commit],
      tree: merged.tree,
      message,
      stamp: { author: unit.author, at },
    }),
    tree: merged.tree,
  };
}

/** `git patch-id --verbatim` of every commit in `from..to`. */
async function patchIdsOf(mirror: Mirror, from: string, to: string): Promise<ReadonlyMap<string, string>> {
  if (from === to) return new Map();
  const { stdout: patches } = await runGit(mirror.dir, [
    'log',
    '-p',
    '--full-index',
    '--binary',
    '--format=commit %H',
    `${from}..${to}`,
  ]);
  const { stdout } = await runGit(mirror.dir, ['patch-id', '--verbatim'], { input: patches });
  return new Map(
    stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(' ').reverse() as [string, string]),
  );
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
