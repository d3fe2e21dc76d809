/** What stands on the target, and who knows it: after landings one by one, after an undo that leaves something, and at a checkpoint. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RolloutHandle } from '../../client/start-rollout.js';
import type { Checkpoint } from '../../plan/rollout.js';
import type { AddressedQuestion } from '../../plan/status.js';
import { rolloutStatusQuery } from '../../workflows/messages.js';
import { Origin } from '../harness/origin.js';
import { aPlan, type PhaseBuilder } from '../harness/plans.js';
import { Rig } from '../harness/rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterAll(async () => {
  await rig?.stop();
});

let origin: Origin;
beforeEach(() => {
  origin = Origin.create({ 'README.md': 'start\n' });
});
afterEach(() => {
  origin.remove();
});

let runs = 0;
function start(fill: (phase: PhaseBuilder) => PhaseBuilder): Promise<RolloutHandle> {
  const plan = aPlan()
    .phase('1', fill)
    .with({ defaults: { approval: false, signOff: { approvers: ['owner'] } } })
    .build();
  return rig.start(plan, origin, { name: `standing-${++runs}` });
}

const asked = (handle: RolloutHandle, kind: AddressedQuestion['kind']): Promise<AddressedQuestion> =>
  rig.untilAsked(handle, (question) => question.kind === kind, 60_000);

const files = (): readonly string[] => origin.git('ls-tree', '--name-only', 'main').split('\n').filter(Boolean);
const byHand = { undo: { class: 'manual', note: 'ask the bank' } };

async function checkpointOf(handle: RolloutHandle): Promise<Checkpoint> {
  return (await handle.query(rolloutStatusQuery)).phases[0]!.checkpoint!;
}

/** What a checkpoint's evidence says of what its phase landed. */
async function landedByEvidence(handle: RolloutHandle): Promise<readonly string[]> {
  const [ref, path] = (await checkpointOf(handle)).evidence.split(':') as [string, string];
  return (JSON.parse(origin.read(path, ref)) as { landed: readonly string[] }).landed;
}

async function signOff(handle: RolloutHandle): Promise<void> {
  await rig.answer(await asked(handle, 'signOff'), { action: 'approve', by: 'owner' });
  expect((await handle.result()).outcome).toBe('done');
}

test('a phase that lands each task by itself counts every landing once', async () => {
  const handle = await start((phase) =>
    phase
      .task('1.1', byHand)
      .task('1.2', { needs: ['1.1'] })
      .task('1.3', { needs: ['1.2'], ...byHand })
      .task('1.4', { needs: ['1.3'] })
      .with({ land: 'each' }),
  );
  await rig.answer(await asked(handle, 'signOff'), { action: 'reject', by: 'owner', comment: 'no' });
  const hold = await asked(handle, 'hold');
  expect(files()).toEqual(['1.1.txt', '1.3.txt', 'README.md']);
  const { manualTasks } = await handle.query(rolloutStatusQuery);
  expect(manualTasks.map(({ task }) => task)).toEqual(['1.1', '1.3']);
  await rig.answer(hold, { action: 'retry', by: 'owner' });
  await signOff(handle);
  const landed = await landedByEvidence(handle);
  expect(landed).toEqual([...new Set(landed)]);
});
