/** The whole Anton plan while workers and the server are killed: the same tree as if nobody had been, every effect made once. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPlanFile } from '../../client/plan-file.js';
import { type KillPoint, pointName, sample } from '../chaos/kill-points.js';
import { carryOut, type Rehearsal } from '../chaos/rehearsal.js';
import { Supervisor } from '../chaos/supervisor.js';
import { Origin } from '../harness/origin.js';
import { agreeable } from '../harness/rig.js';

const seed = Number(process.env['CHAOS_SEED'] ?? 20261124);
const homelab = fileURLToPath(new URL('../../examples/homelab', import.meta.url));
const planPath = fileURLToPath(new URL('../../examples/anton/plan.yaml', import.meta.url));

let supervisor: Supervisor;
beforeAll(async () => {
  supervisor = await Supervisor.start({ agents: ['A', 'B', 'C', 'D', 'E'] });
}, 180_000);
afterAll(async () => {
  await supervisor?.stop();
});

async function runAnton(name: string, points: readonly KillPoint[]): Promise<Rehearsal> {
  const origin = Origin.ofFolder(homelab);
  try {
    supervisor.clearJournal();
    supervisor.serve(points, supervisor.freshHome());
    const { plan, files } = await readPlanFile(planPath);
    return await carryOut({
      client: supervisor.client,
      home: supervisor.freshHome(),
      name,
      plan,
      files,
      origin,
      operator: agreeable,
    });
  } finally {
    origin.remove();
  }
}

/** Any call of any activity and any task of any workflow that an untroubled run has. */
function moments(counts: ReadonlyMap<string, number>): readonly KillPoint[] {
  return [...counts].flatMap(([what, times]) => {
    const [first, second] = what.split(' ') as [string, string];
    // How many tasks a workflow has depends a little on what comes together, so the last fifth may not be reached.
    return Array.from({ length: what ? Math.ceil(times * 0.8) : 0 }, (_, at): KillPoint =>
      first === 'task'
        ? { kind: 'server', workflow: second, nth: at + 1 }
        : { kind: 'worker', activity: first, when: second as 'before' | 'after', nth: at + 1 },
    );
  });
}

const typeOf = (point: KillPoint): string => (point.kind === 'worker' ? point.activity : point.workflow);

/** One moment each of so many activities or workflows. */
function pick(points: readonly KillPoint[], kind: KillPoint['kind'], count: number): readonly KillPoint[] {
  const ofKind = points.filter((point) => point.kind === kind);
  const types = sample([...new Set(ofKind.map(typeOf))], count, seed);
  return types.flatMap((type, at) => {
    const ofType = ofKind.filter((point) => typeOf(point) === type);
    return sample(ofType, 1, seed + at);
  });
}

test(`three kills of a worker and two of the server, anywhere in the plan, change nothing (seed ${seed})`, async () => {
  const untroubled = await runAnton('untroubled', []);
  expect(untroubled.outcome).toBe('done');
  expect(untroubled.isLinear).toBe(true);
  expect(new Set(untroubled.fingerprint.landed).size).toBe(untroubled.fingerprint.landed.length);
  const possible = moments(supervisor.counts());
  const points = [...pick(possible, 'worker', 3), ...pick(possible, 'server', 2)];

  const troubled = await runAnton('troubled', points);
  expect(supervisor.killed().toSorted()).toEqual(points.map(pointName).toSorted());
  expect(troubled).toEqual(untroubled);
}, 900_000);
