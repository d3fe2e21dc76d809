/** A seeded sample of kills: whatever dies, whenever, the rollout ends with the same tree and every effect made once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pointName, sample, serverPoints } from '../chaos/kill-points.js';
import { type Rehearsal, rehearse } from '../chaos/rehearsal.js';
import { Supervisor } from '../chaos/supervisor.js';

const seed = Number(process.env['CHAOS_SEED'] ?? 20261123);

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

test('an untroubled run lands everything', () => {
  expect(untroubled.outcome).toBe('done');
  expect(untroubled.isLinear).toBe(true);
});

test(`16 kills of the server at workflow tasks change nothing (seed ${seed})`, async () => {
  const points = sample(serverPoints(5), 16, seed);
  supervisor.clearJournal();
  supervisor.serve(points, supervisor.freshHome());
  const troubled = await rehearse(supervisor.client, supervisor.freshHome(), 'server-killed');
  expect(supervisor.killed().toSorted()).toEqual(points.map(pointName).toSorted());
  expect(troubled).toEqual(untroubled);
}, 600_000);
