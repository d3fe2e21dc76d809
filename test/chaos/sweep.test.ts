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

async function sweep(kind: string, points: readonly KillPoint[]): Promise<void> {
  for (const [at, run] of inRuns(points, 24).entries()) {
    supervisor.clearJournal();
    supervisor.serve(run, supervisor.freshHome());
    const troubled = await rehearse(supervisor.client, supervisor.freshHome(), `${kind}-${at + 1}`);
    expect(supervisor.killed().toSorted()).toEqual(run.map(pointName).toSorted());
    expect(troubled).toEqual(untroubled);
  }
}

test('kills of the worker before and after the first three calls of each activity change nothing', async () => {
  await sweep('worker-killed', workerPoints(counts, 3));
}, 3_600_000);

test('kills of the server at the first ten tasks of each workflow change nothing', async () => {
  await sweep('server-killed', serverPoints(counts, 10));
}, 3_600_000);
