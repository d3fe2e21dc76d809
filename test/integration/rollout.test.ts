import { afterAll, beforeAll, expect, test } from 'vitest';
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

test('a plan of two phases lands task by task, in plan order, linearly, and leaves a checkpoint each', async () => {
  const origin = Origin.create({ 'README.md': 'start\n' });
  const plan = aPlan()
    .phase('1', (phase) =>
      phase
        .task('1.1')
        .task('1.2', { agent: 'B', needs: ['1.1'] })
        .with({ joinPoint: { soak: { duration: '1d', every: '1h' } } }),
    )
    .phase('2', (phase) =>
      phase
        .task('2.1', { ticks: ['a person looked'] })
        .task('2.2', { needs: ['2.1'] })
        .with({ land: 'each' }),
    )
    .build();
  const handle = await rig.start(plan, origin, { name: 'two-phases' });
  const result = await rig.operate(handle);
  expect(result.outcome).toBe('done');
  expect(origin.landed()).toEqual([
    '1.1: Task 1.1 [all]',
    '1.2: Task 1.2 [all]',
    '2.1: Task 2.1 [all]',
    '2.2: Task 2.2 [all]',
  ]);
  expect(origin.isLinear()).toBe(true);
  expect(origin.refs('refs/tags/')).toHaveLength(2);
  origin.remove();
});
