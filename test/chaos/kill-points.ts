/** Where a process is killed: before or after each activity's effect, and at each workflow's tasks. */
import type { EngineActivities, LaneActivities } from '../../activities/index.js';

export type KillPoint =
  /** The worker, before the activity's effect or after it and before its reply. */
  | { readonly kind: 'worker'; readonly activity: string; readonly when: 'before' | 'after'; readonly nth: number }
  /** The server, while a worker has a workflow's n-th task. */
  | { readonly kind: 'server'; readonly workflow: string; readonly nth: number };

export function pointName(point: KillPoint): string {
  return point.kind === 'worker'
    ? `worker ${point.when} ${point.activity} #${point.nth}`
    : `server at ${point.workflow} task #${point.nth}`;
}

/** Every activity that there is, and whether the rehearsal reaches it: the compiler refuses one that is missing. */
const activities: Record<keyof EngineActivities | keyof LaneActivities, boolean> = {
  openTarget: true,
  createBranch: true,
  openPullRequest: true,
  runAgent: true,
  runPlaybook: true,
  collectWork: true,
  runChecks: true,
  updatePullRequest: true,
  foldCandidate: true,
  landWave: true,
  // It only reads, and the rehearsal neither aborts nor rolls back nor has a phase fail.
  readStanding: false,
  undoLandings: true,
  recordEvidence: true,
  tagCheckpoint: true,
};
export const activityTypes = Object.keys(activities).filter((name) => activities[name as keyof typeof activities]);

export const workflowTypes = ['runRollout', 'runPhase', 'runTask', 'runJoinPoint', 'land'] as const;

/** Every activity, before and after its effect, on its first `times` calls, as far as an untroubled run makes them. */
export function workerPoints(counts: ReadonlyMap<string, number>, times: number): readonly KillPoint[] {
  return activityTypes.flatMap((activity) =>
    (['before', 'after'] as const).flatMap((when) =>
      upTo(counts.get(`${activity} ${when}`), times).map((nth): KillPoint => ({ kind: 'worker', activity, when, nth })),
    ),
  );
}

/** Every workflow, at its first `times` tasks, as far as an untroubled run has them. */
export function serverPoints(counts: ReadonlyMap<string, number>, times: number): readonly KillPoint[] {
  return workflowTypes.flatMap((workflow) =>
    upTo(counts.get(`task ${workflow}`), times).map((nth): KillPoint => ({ kind: 'server', workflow, nth })),
  );
}

/** 1, 2, … @throws Error where it never happens: the plan of the rehearsal then no longer reaches everything. */
function upTo(count: number | undefined, times: number): readonly number[] {
  if (!count)
    throw new Error('the rehearsal no longer reaches every activity and workflow; give its plan what is missing');
  return Array.from({ length: Math.min(count, times) }, (_, at) => at + 1);
}

/** Runs of so many kills each. */
export function inRuns<T>(points: readonly T[], perRun: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(points.length / perRun) }, (_, at) =>
    points.slice(at * perRun, (at + 1) * perRun),
  );
}

/** A sample that a seed decides: the same seed, the same points (mulberry32 and a Fisher-Yates shuffle). */
export function sample<T>(points: readonly T[], count: number, seed: number): readonly T[] {
  const random = mulberry32(seed);
  const shuffled = [...points];
  for (let at = shuffled.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [shuffled[at], shuffled[other]] = [shuffled[other]!, shuffled[at]!];
  }
  return shuffled.slice(0, count);
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
