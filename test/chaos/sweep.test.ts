/** The whole sweep: every activity, killed around its first calls, and every workflow, its server killed at its first tasks. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inRuns, type KillPoint, pointName, serverPoints, workerPoints } from './kill-points.js';
import { type Rehearsal, rehearse } from './rehearsal.js';
import { Supervisor } from './supervisor.js';

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

test('kills of the worker before and after the first three calls of each activity change nothing', async () => {
  for (const [at, points] of inRuns(workerPoints(counts, 3), 24).entries())
    expect(await rehearseKilled(`worker-killed-${at + 1}`, points)).toEqual(untroubled);
}, 3_600_000);

test('kills of the server at the first ten tasks of each workflow change nothing', async () => {
  for (const [at, points] of inRuns(serverPoints(counts, 10), 24).entries())
    expect(await rehearseKilled(`server-killed-${at + 1}`, points)).toEqual(untroubled);
}, 3_600_000);
