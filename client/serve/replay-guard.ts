/** Keeps a version of joinpoint from polling that would break an open rollout. */
import { existsSync } from 'node:fs';
import type { Client } from '@temporalio/client';
import { bundlePath, bundleWorkflows } from '../../worker/bundle.js';
import { replayOpenHistories } from '../../worker/replay-open-histories.js';
import { exitCode } from '../exit-code.js';
import { findRollout } from '../list-rollouts.js';
import { version } from '../package-root.js';
import { Refusal } from '../refusal.js';

/** @throws Refusal that names the workflow and the version that fits, when an open history does not replay. */
export async function refuseBrokenReplays(client: Client): Promise<void> {
  const bundle = existsSync(bundlePath) ? { codePath: bundlePath } : { code: await bundleWorkflows() };
  const [first, ...others] = await replayOpenHistories(client, bundle);
  if (!first) return;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  throw new Refusal(
    `${first.workflowId}${more}: joinpoint ${version} cannot go on with it (${first.why}); start the worker with joinpoint ${await fittingVersion(client, first.workflowId)}`,
    exitCode.failed,
  );
}

/** The version that started the rollout: it can surely replay what it wrote. */
async function fittingVersion(client: Client, workflowId: string): Promise<string> {
  const name = workflowId.split('/')[1];
  const rollout = workflowId.startsWith('rollout/') && name ? await findRollout({ client }, name) : undefined;
  const started = rollout?.memo?.joinpointVersion ?? 'of the version that started it';
  // Two builds may call themselves the same before there is a release.
  return started === version ? `${version} as it was built when the rollout started` : started;
}
