/** Kills of the worker before and after every activity's effect. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pointName, workerPoints } from './kill-points.js';
import { type Rehearsal, rehearse } from './rehearsal.js';
import { Supervisor } from './supervisor.js';

let supervisor: Supervisor;
let untroubled: Rehearsal;
beforeAll(async () => {
  supervisor = await Supervisor.start();
  supervisor.serve([]);
  untroubled = await rehearse(supervisor.client, supervisor.freshHome(), 'untroubled');
}, 120_000);
afterAll(async () => {
  await supervisor?.stop();
});

test('kills of the worker before or after each activity change nothing', async () => {
  const points = workerPoints(1);
  supervisor.clearJournal();
  supervisor.serve(points, supervisor.freshHome());
  const troubled = await rehearse(supervisor.client, supervisor.freshHome(), 'workers-killed');
  expect(supervisor.killed().toSorted()).toEqual(points.map(pointName).toSorted());
  expect(troubled).toEqual(untroubled);
}, 600_000);
