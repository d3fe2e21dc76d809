/** A seeded sample of kills: whatever dies, whenever, the rollout ends with the same tree and every effect made once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KillPoint, pointName, sample, serverPoints, workerPoints } from '../chaos/kill-points.js';
import { type Rehearsal, rehearse } from '../chaos/rehearsal.js';
import { Supervisor } from '../chaos/supervisor.js';

const seed = Number(process.env['CHAOS_SEED'] ?? 20261123);

let supervisor: Supervisor;
let untroubled: Rehearsal;
let counts: ReadonlyMap<string, number>;
beforeAll(async () => {
  supervisor = await Supervisor.start();
  supervisor.serve([]);
  untroubled = await rehearse(supervisor.client, supervisor.freshHome(), 'untroubled');
  counts = supervisor.counts();
}, 180_000);
afterAll(async () => {
  await supervisor?.stop();
});

async function rehearseKilled(name: string, points: readonly KillPoint[]): Promise<Rehearsal> {
  supervisor.clearJournal();
  supervisor.serve(points, supervisor.freshHome());
  const troubled = await rehearse(supervisor.client, supervisor.freshHome(), name);
  expect(supervisor.killed().toSorted()).toEqual(points.map(pointName).toSorted());
  return troubled;
}

test('an untroubled run lands everything', () => {
  expect(untroubled.outcome).toBe('done');
  expect(untroubled.isLinear).toBe(true);
});

test(`16 kills of the server at workflow tasks change nothing (seed ${seed})`, async () => {
  expect(await rehearseKilled('server-killed', sample(serverPoints(counts, 5), 16, seed))).toEqual(untroubled);
}, 600_000);

test(`24 kills of the worker around activities change nothing (seed ${seed})`, async () => {
  expect(await rehearseKilled('worker-killed', sample(workerPoints(counts, 3), 24, seed))).toEqual(untroubled);
}, 600_000);

test('a run is taken up from a second home when nothing is left of the first', async () => {
  const first = supervisor.freshHome();
  supervisor.clearJournal();
  supervisor.serve([], first);
  let moved = false;
  const troubled = await rehearse(supervisor.client, supervisor.freshHome(), 'home-lost', ({ kind }) => {
    if (kind !== 'signOff' || moved) return;
    moved = true;
    supervisor.serve([], supervisor.freshHome());
    supervisor.loseHome(first);
  });
  expect(moved).toBe(true);
  expect(troubled).toEqual(untroubled);
}, 300_000);
