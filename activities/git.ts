/** The git port: branches, candidates, landings, undos, evidence and checkpoints, each looked for before it is made. */
import picomatch from 'picomatch';
import { type BranchRequest, createBranch, type TaskBranch } from '../git/branch.js';
import { foldCandidate, type FoldOutcome } from '../git/fold.js';
import type { FoldUnit } from '../git/fold-unit.js';
import { landUndo, landWave, type LandOutcome, readTarget, tagCheckpoint, type Target } from '../git/landing.js';
import { fetchMirror, type Mirror, openMirror, targetHead } from '../git/mirror.js';
import type { CandidateCommit } from '../git/fold.js';
import { type Chain, chainRef, readRecord, recordOnce, repositoryId } from '../git/store.js';
import { type LandingId, landingText } from '../git/trailers.js';
import type { UndoPlan } from '../git/undo.js';
import { without } from '../plan/landed.js';
import type { Compensation, RolloutRef } from '../plan/rollout.js';
import type { Stage } from '../plan/schema.js';
import type { ActivityDeps } from './deps.js';
import { atEdge } from './edge.js';
import { rerunner } from './playbooks.js';

export interface FoldActivityRequest {
  readonly rollout: RolloutRef;
  readonly writer: string;
  /** Names this fold within the chain; the same key gives the recorded outcome. */
  readonly key: string;
  readonly units: readonly FoldUnit[];
  readonly stages: readonly Stage[];
  readonly landed: readonly string[];
  readonly at: number;
}

export interface UndoResult {
  readonly head: string;
  /** By this call, or by one before it whose reply was lost. */
  readonly undone: readonly LandingId[];
  readonly empty: readonly LandingId[];
  /** What a person has to do by hand, one line each, with the task it belongs to. */
  readonly manual: readonly { readonly task: string; readonly what: string }[];
  /** What stands of the rollout afterwards, whether it was to be undone or not. */
  readonly standing: readonly LandingId[];
}

export function createGitActivities(deps: ActivityDeps) {
  const fresh = async (rollout: { readonly repo: string }) => {
    const mirror = await openMirror(deps.home, rollout.repo);
    await fetchMirror(mirror);
    return mirror;
  };

  return {
    /** The target's own id and head. Idempotent because the id is minted once and read ever after. */
    openTarget: atEdge(
      async ({
        repo,
        branch,
        mintId,
        at,
      }: {
        repo: string;
        branch: string;
        mintId: string;
        at: number;
      }): Promise<{ repoId: string; head: string }> => {
        const mirror = await fresh({ repo });
        const head = await targetHead(mirror, branch);
        return { repoId: await repositoryId(mirror, mintId, { author: 'joinpoint', at }), head };
      },
    ),

    /** A task's branch. Idempotent by generation, through its record. Non-retryable when what it needs does not fit together. */
    createBranch: atEdge(
      async ({
        rollout,
        ...request
      }: { rollout: RolloutRef } & Omit<BranchRequest, 'uid' | 'targetBranch'>): Promise<TaskBranch> =>
        createBranch(await openMirror(deps.home, rollout.repo), {
          ...request,
          uid: rollout.uid,
          targetBranch: rollout.branch,
        }),
    ),

    /** A candidate on the target's present head. Idempotent because the outcome of `key` is recorded, its commits with it. */
    foldCandidate: atEdge(async ({ rollout, writer, key, ...request }: FoldActivityRequest): Promise<FoldOutcome> => {
      const mirror = await fresh(rollout);
      const chain: Chain = { uid: rollout.uid, writer };
      const path = `candidates/${key}.json`;
      const known = await readRecord(mirror, chain, path);
      if (known !== undefined) return JSON.parse(known) as FoldOutcome;
      const outcome = await foldCandidate(mirror, {
        ...request,
        rerun: rerunner(mirror, rollout.uid),
        uid: rollout.uid,
        onto: await targetHead(mirror, rollout.branch),
      });
      const keep = outcome.status === 'folded' ? outcome.candidate.head : outcome.onto;
      const recorded = await recordOnce(mirror, chain, {
        path,
        files: { [path]: JSON.stringify(outcome, null, 2) },
        message: `candidate ${key}`,
        stamp: { author: 'joinpoint', at: request.at },
        keep: [keep],
      });
      return JSON.parse(recorded) as FoldOutcome;
    }),

    /** Pushes one wave to the target. Idempotent: it is asked first whether the wave is there. Non-retryable when the target refuses. */
    landWave: atEdge(
      async ({
        rollout,
        commits,
        onto,
      }: {
        rollout: RolloutRef;
        commits: readonly CandidateCommit[];
        onto: string;
      }): Promise<LandOutcome> => landWave(await openMirror(deps.home, rollout.repo), targetOf(rollout), commits, onto),
    ),

    /** What stands of the rollout. Idempotent: it only reads. Non-retryable when the target's history was rewritten. */
    readStanding: atEdge(
      async ({ rollout }: { rollout: RolloutRef }): Promise<{ readonly standing: readonly LandingId[] }> => {
        const mirror = await openMirror(deps.home, rollout.repo);
        return { standing: await standingIn(mirror, rollout) };
      },
    ),

    /** Undoes landings by their compensations, newest first, and says what stands. Idempotent: what has an undo is not undone again. */
    undoLandings: atEdge(
      async ({
        rollout,
        compensations,
        reason,
        at,
      }: {
        rollout: RolloutRef;
        compensations: readonly Compensation[];
        reason: string;
        at: number;
      }): Promise<UndoResult> => {
        const mirror = await openMirror(deps.home, rollout.repo);
        const orders = compensations.map(({ undo, ...id }) => ({
          id,
          isByHand: undo.class === 'manual',
          keeps:
            undo.class === 'quarantine' && undo.keep.length > 0
              ? picomatch([...undo.keep], { dot: true })
              : () => false,
        }));
        const { head, gone, empty, landed, conflicts } = await landUndo(mirror, targetOf(rollout), orders, reason, at);
        return {
          head,
          undone: gone,
          empty,
          manual: manualWork(compensations, landed, conflicts),
          standing: without(await standingIn(mirror, rollout), empty),
        };
      },
    ),

    /** Keeps a text in a chain. Idempotent by its path. */
    recordEvidence: atEdge(
      async ({
        rollout,
        writer,
        path,
        content,
        at,
      }: {
        rollout: RolloutRef;
        writer: string;
        path: string;
        content: string;
        at: number;
      }): Promise<{ evidence: string }> => {
        const mirror = await openMirror(deps.home, rollout.repo);
        const chain: Chain = { uid: rollout.uid, writer };
        await recordOnce(mirror, chain, {
          path,
          files: { [path]: content },
          message: `${writer}: ${path}`,
          stamp: { author: 'joinpoint', at },
        });
        return { evidence: `${chainRef(chain)}:${path}` };
      },
    ),

    /** A checkpoint's annotated tag. Idempotent by the tag's name, which names the rollout's uid. */
    tagCheckpoint: atEdge(
      async ({
        rollout,
        tag,
        commit,
        message,
        at,
      }: {
        rollout: RolloutRef;
        tag: string;
        commit: string;
        message: string;
        at: number;
      }): Promise<{ tag: string }> => ({
        tag: await tagCheckpoint(await openMirror(deps.home, rollout.repo), tag, commit, message, {
          author: 'joinpoint',
          at,
        }),
      }),
    ),
  };
}

function targetOf({ branch, uid, start }: RolloutRef): Target {
  return { branch, uid, start };
}

async function standingIn(mirror: Mirror, rollout: RolloutRef): Promise<readonly LandingId[]> {
  const { standing } = await readTarget(mirror, targetOf(rollout));
  return standing.map(({ id }) => id);
}

/** For a person: nothing of what never landed, and the same again when it is asked again. */
function manualWork(
  compensations: readonly Compensation[],
  landed: readonly LandingId[],
  conflicts: UndoPlan['conflicts'],
): UndoResult['manual'] {
  const known = new Set(landed.map(landingText));
  const ofLanded = compensations.filter((id) => known.has(landingText(id)));
  const byHand = ofLanded
    .filter(({ undo }) => undo.class === 'manual')
    .map(({ task, undo }) => ({ task, what: `undo it by hand: ${undo.note ?? 'the plan gives no note'}` }));
  const conflicting = conflicts.map(({ id, why, files }) => ({
    task: id.task,
    what:
      why === 'changed'
        ? `its revert conflicts with later commits in ${files.join(', ')}; undo it by hand`
        : `its revert of ${files.join(', ')} would take what a quarantine keeps out of the cluster; undo it by hand, and name such files under keep next time`,
  }));
  const kept = ofLanded
    .filter(({ undo }) => undo.class === 'quarantine')
    .map(({ task, undo }) => ({
      task,
      what: `in quarantine, what it has in ${listed(undo.keep)} is kept; ${undo.note ?? 'decide what becomes of it'}`,
    }));
  return [...uniqueByTask(byHand), ...conflicting, ...uniqueByTask(kept)];
}

function listed(globs: readonly string[]): string {
  return `${globs.slice(0, 3).join(', ')}${globs.length > 3 ? ', …' : ''}`;
}

function uniqueByTask(lines: UndoResult['manual']): UndoResult['manual'] {
  return [...new Map(lines.map((line) => [line.task, line])).values()];
}
