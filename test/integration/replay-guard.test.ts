import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRollout } from '../../client/start-rollout.js';
import { bundleWorkflows } from '../../worker/bundle.js';
import { replayOpenHistories } from '../../worker/replay-open-histories.js';
import { Origin } from '../harness/origin.js';
import { aPlan } from '../harness/plans.js';
import { Rig } from '../harness/rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterAll(async () => {
  await rig?.stop();
});

test('open histories replay with the workflows that wrote them, and a changed workflow is named', async () => {
  const origin = Origin.create({ 'README.md': 'start\n' });
  const plan = aPlan()
    .phase('1', (phase) => phase.task('1.1'))
    .build();
  const handle = await rig.start(plan, origin, { name: 'open' });
  await rig.untilAsked(handle, ({ kind }) => kind === 'approval');

  expect(await replayOpenHistories(rig.server.client, { code: await bundleWorkflows() })).toEqual([]);

  const workflowsPath = fileURLToPath(new URL('../harness/changed-workflows.ts', import.meta.url));
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  const broken = await replayOpenHistories(rig.server.client, { code });
  expect(broken.map(({ workflowId }) => workflowId)).toEqual(['rollout/open']);
  expect(broken[0]?.why).not.toBe('');

  await handle.terminate();
  origin.remove();
});

test('a rollout that no worker has touched yet is no obstacle', async () => {
  const origin = Origin.create({ 'README.md': 'start\n' });
  const plan = aPlan()
    .phase('1', (phase) => phase.task('1.1'))
    .build();
  const request = {
    client: rig.server.client,
    home: rig.home,
    name: 'untouched',
    plan,
    files: { 'plan.yaml': '' },
    target: { url: origin.url, branch: 'main' },
    now: Date.now(),
  };
  const handle = await startRollout(request);
  expect(await replayOpenHistories(rig.server.client, { code: await bundleWorkflows() })).toEqual([]);
  await handle.terminate();
  origin.remove();
});
