/** Starts a rollout: keeps its plan in the target's store, then starts the workflow. */
import { randomBytes } from 'node:crypto';
import {
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type WorkflowHandleWithFirstExecutionRunId,
} from '@temporalio/client';
import { openMirror } from '../git/mirror.js';
import { publishPlan } from '../git/plan-store.js';
import { defaultSettings, type Settings } from '../plan/rollout.js';
import { RolloutError } from '../plan/rollout-error.js';
import type { Plan } from '../plan/schema.js';
import { engineQueue, rolloutId } from '../workflows/ids.js';
import type { runRollout } from '../workflows/run-rollout.js';
import { rolloutAttributes } from '../workflows/search-attributes.js';
import { rolloutMemo } from './rollout-memo.js';

export interface StartRequest {
  readonly client: Client;
  /** For the mirror that the plan is pushed from. */
  readonly home: string;
  readonly name: string;
  readonly plan: Plan;
  /** `plan.yaml` and the assets, by path beside the plan. */
  readonly files: Readonly<Record<string, string>>;
  readonly target: { readonly url: string; readonly branch: string };
  readonly settings?: Partial<Settings>;
  readonly from?: string;
  readonly until?: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type RolloutHandle = WorkflowHandleWithFirstExecutionRunId<typeof runRollout>;

/**
 * Starts a rollout under a fresh uid.
 * Not idempotent: every call is a new rollout; the name keeps a second one from being open beside it.
 * @throws RolloutError `usage` for a phase that the plan does not have, or a name that is open.
 */
export async function startRollout(request: StartRequest): Promise<RolloutHandle> {
  const { client, name, plan, target } = request;
  refuseUnknownPhases(request);
  await refuseOpenName(client, name);
  const uid = mintUid();
  const mirror = await openMirror(request.home, target.url);
  const planCommit = await publishPlan(mirror, uid, request.files, request.now);
  const rollout = {
    name,
    uid,
    title: plan.title,
    repo: target.url,
    branch: target.branch,
    planCommit,
    settings: { ...defaultSettings, ...request.settings },
  };
  try {
    return await client.workflow.start<typeof runRollout>('runRollout', {
      workflowId: rolloutId(name),
      taskQueue: engineQueue,
      args: [
        { rollout, plan, ...(request.from && { from: request.from }), ...(request.until && { until: request.until }) },
      ],
      typedSearchAttributes: rolloutAttributes(name),
      staticSummary: plan.title.slice(0, 180),
      memo: rolloutMemo(uid, plan, target.url),
      workflowIdConflictPolicy: 'FAIL',
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) throw nameIsOpen(name);
    throw error;
  }
}

/** Ten characters of Crockford's alphabet in lower case: unique enough within a repository, short enough for a ref. */
function mintUid(): string {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  return [...randomBytes(10)].map((byte) => alphabet[byte % 32]).join('');
}

async function refuseOpenName(client: Client, name: string): Promise<void> {
  const open = await client.workflow
    .getHandle(rolloutId(name))
    .describe()
    .then(
      ({ status }) => status.name === 'RUNNING',
      () => false,
    );
  if (open) throw nameIsOpen(name);
}

function nameIsOpen(name: string): RolloutError {
  return new RolloutError(
    'usage',
    `rollout ${name}`,
    `is open already; watch it with joinpoint status ${name}, or start this one under another --name`,
  );
}

function refuseUnknownPhases({ plan, from, until }: StartRequest): void {
  const ids = plan.phases.map(({ id }) => id);
  for (const phase of [from, until]) {
    if (phase !== undefined && !ids.includes(phase))
      throw new RolloutError('usage', `phase ${phase}`, `is not in the plan; it has ${ids.join(', ')}`);
  }
  if (from !== undefined && until !== undefined && ids.indexOf(from) > ids.indexOf(until)) {
    throw new RolloutError('usage', `phases ${from} to ${until}`, 'are in the wrong order; --from comes first');
  }
}
