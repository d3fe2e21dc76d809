/** Writes the target branch: the only file that does. */
import { RolloutError } from '../plan/rollout-error.js';
import type { Stamp } from './commit.js';
import type { CandidateCommit } from './fold.js';
import { fetchMirror, isAncestor, type Mirror, resolveCommit, targetHead, withoutPassword } from './mirror.js';
import { pushRefs } from './push.js';
import { gitLine, runGit } from './run.js';
import { type LandingId, landingText, type LedgerEntry, readLedger, standing } from './trailers.js';
import { entriesOf, planUndo, type UndoPlan, type UndoUnit } from './undo.js';

export interface Target {
  readonly branch: string;
  readonly uid: string;
  /** The target's head when the rollout started: look-ups read `start..head`. */
  readonly start: string;
}

export interface SeenTarget {
  readonly head: string;
  readonly ledger: readonly LedgerEntry[];
  readonly standing: readonly LedgerEntry[];
}

/** What stands of this rollout on the target, freshly fetched. @throws RolloutError `targetRewritten`. */
export async function readTarget(mirror: Mirror, target: Target): Promise<SeenTarget> {
  await fetchMirror(mirror);
  const head = await targetHead(mirror, target.branch);
  if (!(await isAncestor(mirror, target.start, head))) {
    throw new RolloutError(
      'targetRewritten',
      `${withoutPassword(mirror.url)}#${target.branch}`,
      `its history was rewritten: ${target.start.slice(0, 12)}, where this rollout started, is no longer in it; restore it, then retry`,
    );
  }
  const ledger = await readLedger(mirror, target.uid, target.start, head);
  return { head, ledger, standing: standing(ledger) };
}

export type LandOutcome =
  | { readonly status: 'landed'; readonly head: string; readonly commits: readonly LedgerEntry[] }
  | { readonly status: 'moved'; readonly head: string };

/**
 * Pushes one wave, unforced, if the target's head is the one it was folded on.
 * Idempotent: asks first whether the wave is in the target already, by its commits and by its landings.
 */
export async function landWave(
  mirror: Mirror,
  target: Target,
  commits: readonly CandidateCommit[],
  onto: string,
): Promise<LandOutcome> {
  const seen = await readTarget(mirror, target);
  const already = wholeWave(seen.standing, commits);
  if (already) return { status: 'landed', head: seen.head, commits: already };
  if (seen.head !== onto) return { status: 'moved', head: seen.head };
  const last = commits.at(-1)!.commit;
  const outcome = await pushRefs(mirror, [{ ref: `refs/heads/${target.branch}`, to: last }]);
  const after = await readTarget(mirror, target);
  if (outcome === 'pushed') return { status: 'landed', head: last, commits: entriesOf(after.standing, commits) };
  // What was turned away by a twin's push of the same commits has landed, too.
  const landed = wholeWave(after.standing, commits);
  if (landed) return { status: 'landed', head: after.head, commits: landed };
  if (after.head !== onto) return { status: 'moved', head: after.head };
  throw new Error(
    `${withoutPassword(mirror.url)}#${target.branch}: turned a push away although it has not moved, as under another push's lock; it is tried again`,
  );
}

/** The ledger's entries of a wave, when all of it stands. */
function wholeWave(
  entries: readonly LedgerEntry[],
  commits: readonly CandidateCommit[],
): readonly LedgerEntry[] | undefined {
  const standingThere = entriesOf(entries, commits);
  const known = new Set(standingThere.map(({ id }) => landingText(id)));
  return commits.every((commit) => known.has(landingText(commit))) ? standingThere : undefined;
}

export interface UndoOrder {
  readonly id: LandingId;
  /** Left to a person. */
  readonly isByHand?: boolean;
  readonly keeps: (path: string) => boolean;
}

export interface UndoOutcome extends UndoPlan {
  /** Of the orders: those that were on the target at some time. */
  readonly landed: readonly LandingId[];
  /** Of the orders: those that have an undo on the target, by this call or by one whose reply was lost. */
  readonly gone: readonly LandingId[];
}

/** A bot that pushes all the time: the undo is planned anew on each head, which takes well under a second. */
const racesAtMost = 20;

/**
 * Undoes what stands of `orders`, newest first, in one push.
 * Idempotent: what has an undo already is not looked at again.
 */
export async function landUndo(
  mirror: Mirror,
  target: Target,
  orders: readonly UndoOrder[],
  reason: string,
  at: number,
): Promise<UndoOutcome> {
  for (let race = 0; race < racesAtMost; race++) {
    const seen = await readTarget(mirror, target);
    const entries = entriesOf(
      seen.standing,
      orders.filter(({ isByHand }) => !isByHand).map(({ id }) => id),
    );
    const units = entries.map(({ id, commit }): UndoUnit => ({
      id,
      commit,
      keeps: orders.find((order) => landingText(order.id) === landingText(id))!.keeps,
    }));
    const keeps = (path: string): boolean => orders.some((order) => order.keeps(path));
    const plan = await planUndo(mirror, { uid: target.uid, head: seen.head, units, keeps, reason, at });
    const undone = withLedger(plan, seen.ledger, orders);
    if (plan.head === seen.head) return undone;
    if ((await pushRefs(mirror, [{ ref: `refs/heads/${target.branch}`, to: plan.head }])) === 'pushed') return undone;
  }
  throw new Error(
    `${withoutPassword(mirror.url)}#${target.branch}: moved ${racesAtMost} times while an undo was pushed; it is tried again`,
  );
}

function withLedger(plan: UndoPlan, ledger: readonly LedgerEntry[], orders: readonly UndoOrder[]): UndoOutcome {
  const of = (kind: LedgerEntry['kind']): readonly string[] =>
    ledger.filter((entry) => entry.kind === kind).map(({ id }) => landingText(id));
  const landings = new Set(of('landing'));
  const undos = new Set([...of('undo'), ...plan.undone.map(({ id }) => landingText(id))]);
  const ids = orders.map(({ id }) => id);
  return {
    ...plan,
    landed: ids.filter((id) => landings.has(landingText(id))),
    gone: ids.filter((id) => undos.has(landingText(id))),
  };
}

/**
 * An annotated tag on a landed commit; returns the tag's name.
 * Idempotent: the push holds a lease on there being none, and one that exists is left as it is.
 */
export async function tagCheckpoint(
  mirror: Mirror,
  name: string,
  commit: string,
  message: string,
  stamp: Stamp,
): Promise<string> {
  if ((await resolveCommit(mirror, commit)) === undefined) await fetchMirror(mirror);
  const ref = `refs/tags/${name}`;
  const seconds = Math.floor(stamp.at / 1000);
  const body = `object ${commit}\ntype commit\ntag ${name}\ntagger joinpoint <joinpoint@joinpoint.invalid> ${seconds} +0000\n\n${message}\n`;
  const tag = (await runGit(mirror.dir, ['mktag'], { input: body })).stdout.trim();
  if ((await pushRefs(mirror, [{ ref, to: tag, expected: null }])) === 'pushed') return name;
  // Refused for there being one, or by another push's lock?
  if ((await gitLine(mirror.dir, ['ls-remote', 'origin', ref])) !== '') return name;
  throw new Error(
    `${withoutPassword(mirror.url)}#${ref}: could not be pushed, as under another push's lock; it is tried again`,
  );
}
