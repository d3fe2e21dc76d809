/** A task's branch: created once a generation, moved only forward, recorded in the same push. */
import { mergeTrees, treesOf, writeCommit } from './commit.js';
import { foldCandidate } from './fold.js';
import { type FoldUnit, type LaterStage, piecesOf } from './fold-unit.js';
import { branchHead, fetchMirror, isAncestor, type Mirror, targetHead } from './mirror.js';
import { readRecord, recordOnce } from './store.js';
import { RolloutError } from '../plan/rollout-error.js';

export interface BranchRequest {
  readonly uid: string;
  readonly task: string;
  readonly title: string;
  readonly author: string;
  /** The plan's branch name; a re-opened task gets `<branch>-r2`, and so does one whose name is taken by somebody. */
  readonly branch: string;
  /** 1 at first, one more for each re-opening. */
  readonly generation: number;
  readonly targetBranch: string;
  /** Start from this commit instead of the target's head. */
  readonly base?: string;
  /** Unlanded work that this task needs: its branch is the base, or the fold of several. */
  readonly stackOn: readonly FoldUnit[];
  /** The difference to bring along from the generation before, and the stages that it is parted into. */
  readonly replay?: { readonly base: string; readonly head: string; readonly later?: readonly LaterStage[] };
  readonly at: number;
}

export interface TaskBranch {
  readonly branch: string;
  readonly base: string;
  readonly head: string;
  /** Files of the replayed difference that do not fit the new base; the agent gets them as feedback. */
  readonly replayConflicts: readonly string[];
  /** Stages after the first that the replayed difference is parted into, where it was. */
  readonly later?: readonly LaterStage[];
}

export function taskChain(uid: string, task: string): { readonly uid: string; readonly writer: string } {
  return { uid, writer: `task-${task}` };
}

/**
 * Creates the branch of a task's generation and its record in one atomic push.
 * Idempotent by `branch-<generation>.json` in the task's chain.
 */
export async function createBranch(mirror: Mirror, request: BranchRequest): Promise<TaskBranch> {
  await fetchMirror(mirror);
  const base = await chooseBase(mirror, request);
  const { head, conflicts, later } = await replayOnto(mirror, request, base);
  const branch = await freeName(mirror, request);
  const made: TaskBranch = { branch, base, head, replayConflicts: conflicts, ...(later.length > 0 && { later }) };
  const path = branchPath(request.generation);
  const recorded = await recordOnce(mirror, taskChain(request.uid, request.task), {
    path,
    files: { [path]: JSON.stringify(made, null, 2) },
    message: `task ${request.task}: branch ${branch}`,
    stamp: { author: 'joinpoint', at: request.at },
    keep: [base],
    alongside: [{ ref: `refs/heads/${branch}`, to: head, expected: null }],
  });
  return JSON.parse(recorded) as TaskBranch;
}

function branchPath(generation: number): string {
  return `branch-${generation}.json`;
}

/** What is recorded of a generation's branch; reads what was fetched last. */
export async function recordedBranch(
  mirror: Mirror,
  uid: string,
  task: string,
  generation: number,
): Promise<TaskBranch | undefined> {
  const recorded = await readRecord(mirror, taskChain(uid, task), branchPath(generation));
  return recorded === undefined ? undefined : (JSON.parse(recorded) as TaskBranch);
}

async function chooseBase(mirror: Mirror, request: BranchRequest): Promise<string> {
  if (request.base) return request.base;
  const onto = await targetHead(mirror, request.targetBranch);
  const [only, ...others] = request.stackOn;
  if (!only) return onto;
  if (others.length === 0) return only.head;
  const folded = await foldCandidate(mirror, {
    uid: request.uid,
    onto,
    units: request.stackOn,
    stages: [],
    at: request.at,
  });
  if (folded.status === 'folded') return folded.candidate.head;
  throw new RolloutError(
    'targetRefused',
    `task ${request.task}`,
    `what it needs does not fit together: ${folded.task} conflicts in ${folded.files.join(', ')}; land one of them in an earlier phase`,
  );
}

/** A commit for each stage that the difference is parted into; none at all where one of them does not fit. */
async function replayOnto(
  mirror: Mirror,
  request: BranchRequest,
  base: string,
): Promise<{
  readonly head: string;
  readonly conflicts: readonly string[];
  readonly later: readonly LaterStage[];
}> {
  const { replay } = request;
  if (!replay) return { head: base, conflicts: [], later: [] };
  const later: LaterStage[] = [];
  let head = base;
  for (const { from, to, stage } of piecesOf(replay)) {
    if (stage) later.push({ stage, from: head });
    const replayed = await replayPiece(mirror, request, { from, to }, head);
    if (typeof replayed !== 'string') return { head: base, conflicts: replayed.files, later: [] };
    head = replayed;
  }
  return { head, conflicts: [], later };
}

async function replayPiece(
  mirror: Mirror,
  { task, title, author, at }: BranchRequest,
  piece: { readonly from: string; readonly to: string },
  onto: string,
): Promise<string | { readonly files: readonly string[] }> {
  const [ours, from, to] = (await treesOf(mirror, [onto, piece.from, piece.to])) as [string, string, string];
  const merged = await mergeTrees(mirror, from, ours, to);
  if (!merged.clean) return merged;
  if (merged.tree === ours) return onto;
  const message = `${task}: ${title}\n\nThe work of the last generation, brought onto a new base.\n`;
  return writeCommit(mirror, { parents: [onto], tree: merged.tree, message, stamp: { author, at } });
}

async function freeName(mirror: Mirror, { branch, generation }: BranchRequest): Promise<string> {
  for (let suffix = generation; ; suffix++) {
    const name = suffix === 1 ? branch : `${branch}-r${suffix}`;
    if ((await branchHead(mirror, name)) === undefined) return name;
  }
}

/** Where the origin has a task's branch now: a person's work is read from here. @throws RolloutError when it was removed or rewritten. */
export async function readBranch(mirror: Mirror, branch: string, base: string): Promise<string> {
  await fetchMirror(mirror);
  const head = await branchHead(mirror, branch);
  if (head === undefined)
    throw new RolloutError('branchMissing', `branch ${branch}`, 'is gone from the origin; push it again');
  if (!(await isAncestor(mirror, base, head))) {
    throw new RolloutError(
      'targetRewritten',
      `branch ${branch}`,
      `no longer holds its base ${base.slice(0, 12)}; rebase nothing, add commits instead`,
    );
  }
  return head;
}
