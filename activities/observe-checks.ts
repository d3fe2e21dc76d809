/** Runs check commands in a clean work tree and reports what each showed. */
import { createHash, randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Check } from '../gates/check.js';
import { type Observation, observe, type ProcessEnd } from '../gates/verdict.js';
import { withCleanTree } from '../git/clean-trees.js';
import type { Mirror } from '../git/mirror.js';
import { onlyHere } from '../git/work-tree.js';
import { durationText } from '../plan/duration.js';
import type { RolloutRef } from '../plan/rollout.js';
import type { ActivityDeps } from './deps.js';
import { cancellation } from './edge.js';
import { withPlanFolder } from './plan-folder.js';
import { cleanEnvironment } from './process/environment.js';
import { excerpt, redact } from './process/redact.js';
import type { CommandResult } from './process/run-command.js';
import { runRecorded } from './process/run-recorded.js';

export interface LookRequest {
  readonly deps: ActivityDeps;
  readonly mirror: Mirror;
  readonly rollout: RolloutRef;
  readonly commit: string;
  readonly checks: readonly Check[];
  /** The command of a check for this look; a check without one is left out. */
  readonly runOf: (check: Check) => string | undefined;
  /** A clear answer given at this commit before is taken again: a base is asked what it was, not what it is now. */
  readonly maySettle: boolean;
  /** Makes a check, unless a try before this one did. */
  readonly makeOnce: (check: Check, make: () => Promise<Sight>) => Promise<Sight>;
}

/** What a check showed, and the output that it showed it with. */
export interface Sight {
  readonly observation: Observation;
  /** Redacted, the middle left out beyond `evidenceBytes`. */
  readonly output: string;
  readonly spoilt: boolean;
}

/** Enough for what a reader wants to see of a check; the digest covers the whole of what was kept. */
const evidenceBytes = 64 * 1024;
const excerptBytes = 1024;

/** Answers of this process at commits that are over; a worker that starts anew asks again. */
const settled = new Map<string, Sight>();
const settledAtMost = 10_000;

/** Checks made at once for one look: each in a tree of its own, since a check may write there. */
const lanes = Math.min(4, availableParallelism());

/** What every check showed, by its id. */
export async function observeAt(request: LookRequest): Promise<ReadonlyMap<string, Sight>> {
  const { mirror, commit, checks, runOf, maySettle, makeOnce, rollout } = request;
  const seen = new Map<string, Sight>();
  const open: { check: Check; run: string; key: string }[] = [];
  for (const check of checks) {
    const run = runOf(check);
    if (run === undefined) continue;
    const key = [mirror.url, rollout.planCommit, commit, run].join('\0');
    const known = maySettle ? settled.get(key) : undefined;
    if (known) seen.set(check.id, known);
    else open.push({ check, run, key });
  }
  if (open.length === 0) return seen;
  const queue = open.values();
  const lane = (): Promise<unknown> =>
    withCleanTree(mirror, commit, async (dir) => {
      let spoilt = false;
      for (const { check, run, key } of queue) {
        const sight = await makeOnce(check, () =>
          withPlanFolder(mirror, rollout.planCommit, (plan) => look(request, check, run, dir, plan)),
        );
        seen.set(check.id, sight);
        spoilt ||= sight.spoilt;
        if (maySettle && sight.observation.made) remember(key, sight);
      }
      return { spoilt };
    });
  await Promise.all(Array.from({ length: Math.min(lanes, open.length) }, lane));
  return seen;
}

function remember(key: string, sight: Sight): void {
  if (settled.size >= settledAtMost) settled.delete(settled.keys().next().value!);
  settled.set(key, sight);
}

async function look(
  { deps, rollout, commit }: LookRequest,
  check: Check,
  run: string,
  dir: string,
  plan: string,
): Promise<Sight> {
  const result = await runRecorded(deps.home, `check-${randomUUID()}`, {
    run,
    cwd: dir,
    env: cleanEnvironment({
      source: deps.env,
      set: {
        ...onlyHere(dir),
        JOINPOINT_PLAN: plan,
        JOINPOINT_ROLLOUT: rollout.name,
        JOINPOINT_UID: rollout.uid,
        JOINPOINT_COMMIT: commit,
      },
    }),
    timeoutMs: check.timeoutMs,
    keepBytes: evidenceBytes,
    signal: cancellation(),
  });
  const output = redact(result.output);
  const digest = createHash('sha256').update(output).digest('hex');
  return {
    observation: observe(endOf(result, check), excerpt(output, excerptBytes), digest),
    output,
    spoilt: result.leftChildren,
  };
}

function endOf(result: CommandResult, check: Check): ProcessEnd {
  switch (result.exit) {
    case 'code':
      return { kind: 'code', code: result.code };
    case 'signal':
      return { kind: 'signal', detail: result.signal };
    case 'timeout':
      return { kind: 'timeout', detail: durationText(check.timeoutMs) };
    case 'notStarted':
      return { kind: 'notStarted', detail: result.reason };
  }
}
