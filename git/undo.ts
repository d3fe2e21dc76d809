/** Undoes landings: one line of revert commits on the target's head, newest landing first. */
import {
  changesBetween,
  mergeTrees,
  pathsOf,
  treeOf,
  treesOf,
  type TreeChange,
  treeWith,
  writeCommit,
} from './commit.js';
import type { Mirror } from './mirror.js';
import { orphaning } from './orphans.js';
import { readObjects } from './read-objects.js';
import { suspendKustomizations } from './suspend.js';
import { type LandingId, landingText, type LedgerEntry, undoMessage } from './trailers.js';

/** A landing to undo, with what its compensation keeps in place. */
export interface UndoUnit {
  readonly id: LandingId;
  readonly commit: string;
  /** Paths that a quarantine leaves, plus `suspend: true`; empty for a plain revert. */
  readonly keeps: (path: string) => boolean;
}

export interface UndoConflict {
  readonly id: LandingId;
  /** `changed`: later commits are in the way. `orphans`: with these files reverted Flux would prune what a quarantine keeps. */
  readonly why: 'changed' | 'orphans';
  readonly files: readonly string[];
}

export interface UndoPlan {
  readonly head: string;
  readonly undone: readonly { readonly id: LandingId; readonly commit: string }[];
  /** Somebody had undone these already, or nothing but kept paths was left: recorded without a commit. */
  readonly empty: readonly LandingId[];
  /** These could not be undone by machine: a manual task each. */
  readonly conflicts: readonly UndoConflict[];
  /** Paths that stay in quarantine. */
  readonly quarantined: readonly string[];
}

export interface UndoRequest {
  readonly uid: string;
  readonly head: string;
  /** In the order of landing. */
  readonly units: readonly UndoUnit[];
  /** What any quarantine of the same undo keeps, also of a landing that is undone already. */
  readonly keeps: (path: string) => boolean;
  readonly reason: string;
  /** Milliseconds since the epoch, from the workflow. */
  readonly at: number;
}

/** The revert commits for `request.units` on `request.head`; pure git, no push; the same request gives the same ids. */
export async function planUndo(mirror: Mirror, request: UndoRequest): Promise<UndoPlan> {
  const all = await undoUnits(mirror, request, new Set());
  const kept = (await pathsOf(mirror, all.head)).filter(request.keeps);
  // Only now is it known what stays in git, and so what must not be lost in the cluster.
  return kept.length === 0 ? all : undoUnits(mirror, request, new Set(kept));
}

/** Undoes them one by one, but for what would take `inQuarantine` out of the cluster. */
async function undoUnits(
  mirror: Mirror,
  { uid, head: start, units, reason, at }: UndoRequest,
  inQuarantine: ReadonlySet<string>,
): Promise<UndoPlan> {
  const undone: { id: LandingId; commit: string }[] = [];
  const empty: LandingId[] = [];
  const conflicts: UndoConflict[] = [];
  const quarantined = new Set<string>();
  let head = start;
  let before = await treeOf(mirror, head);
  for (const unit of units.toReversed()) {
    const { landed, target, kept } = await treeWithoutLanding(mirror, unit);
    const merged = await mergeTrees(mirror, landed, before, target);
    if (!merged.clean) {
      conflicts.push({ id: unit.id, why: 'changed', files: merged.files });
      continue;
    }
    const orphans = await orphaning(mirror, { before, after: merged.tree }, inQuarantine);
    if (orphans.length > 0) {
      conflicts.push({ id: unit.id, why: 'orphans', files: orphans });
      continue;
    }
    kept.forEach((path) => quarantined.add(path));
    const tree = await suspended(mirror, merged.tree, kept);
    if (tree === before) {
      empty.push(unit.id);
      continue;
    }
    const message = undoMessage(`Undo ${landingText(unit.id)}`, reason, uid, unit.id);
    head = await writeCommit(mirror, { parents: [head], tree, message, stamp: { author: 'joinpoint', at } });
    before = tree;
    undone.push({ id: unit.id, commit: head });
  }
  return { head, undone, empty, conflicts, quarantined: [...quarantined] };
}

/** The tree that the landing's parent had, but for the paths that its quarantine keeps. */
async function treeWithoutLanding(
  mirror: Mirror,
  unit: UndoUnit,
): Promise<{
  readonly landed: string;
  readonly target: string;
  readonly kept: readonly string[];
}> {
  const changes = await changesBetween(mirror, unit.commit, `${unit.commit}^`);
  const paths = changes.map(({ path }) => path);
  const kept = paths.filter(unit.keeps);
  const [landed, before] = (await treesOf(mirror, [unit.commit, `${unit.commit}^`])) as [string, string];
  if (kept.length === 0) return { landed, target: before, kept };
  const target = await treeWith(
    mirror,
    landed,
    changes.filter(({ path }) => !kept.includes(path)),
  );
  return { landed, target, kept };
}

/** `suspend: true` on every Flux Kustomization in the kept files, so that nothing reconciles or prunes what they brought. */
async function suspended(mirror: Mirror, tree: string, kept: readonly string[]): Promise<string> {
  const files = await readObjects(
    mirror,
    kept.map((path) => `${tree}:${path}`),
  );
  const changes = files.flatMap((file, at): TreeChange[] => {
    const edited = file && suspendKustomizations(file.text);
    return edited !== undefined && edited !== file?.text ? [{ path: kept[at]!, text: edited }] : [];
  });
  return treeWith(mirror, tree, changes);
}

/** The landings among `wanted` that stand in the ledger, in the order of landing. */
export function entriesOf(standing: readonly LedgerEntry[], wanted: readonly LandingId[]): readonly LedgerEntry[] {
  const texts = new Set(wanted.map(landingText));
  return standing.filter(({ id }) => texts.has(landingText(id)));
}
