/**
 * Records a history of every workflow for the replay tests: `npm run test:record` replaces those of this
 * version. What it records ran for real; older versions' files stay, and say what must go on to replay.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { abortUpdate, pauseUpdate, resumeUpdate } from '../../workflows/messages.js';
import { rehearse } from '../chaos/rehearsal.js';
import { Origin } from '../harness/origin.js';
import { aPlan } from '../harness/plans.js';
import { agreeable, Rig } from '../harness/rig.js';
import { scrub } from './scrub.js';

const folder = fileURLToPath(new URL('.', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

interface Recorded {
  readonly workflowType: string;
  readonly events: readonly { readonly eventType?: string }[];
  readonly json: string;
}

/** A target that moves under an approved candidate, a pause, and an abort that undoes what has landed. */
async function runTroubled(rig: Rig): Promise<void> {
  const origin = Origin.create({ 'README.md': 'start\n' });
  const plan = aPlan()
    .phase('1', (phase) => phase.task('1.1').task('1.2', { agent: 'B', needs: ['1.1'] }))
    .with({ defaults: { approval: { approvers: ['owner'] }, signOff: { approvers: ['owner'] } } })
    .build();
  try {
    const handle = await rig.start(plan, origin, { name: 'troubled' });
    const approval = await rig.untilAsked(handle, ({ kind }) => kind === 'approval');
    await handle.executeUpdate(pauseUpdate, { args: [{ by: 'owner' }] });
    origin.commit({ 'foreign.txt': 'somebody else\n' }, 'foreign');
    await rig.answer(approval, agreeable(approval)!);
    await handle.executeUpdate(resumeUpdate, { args: [{ by: 'owner' }] });
    await rig.untilAsked(handle, ({ kind }) => kind === 'signOff');
    await handle.executeUpdate(abortUpdate, { args: [{ by: 'owner', comment: 'enough' }] });
    await handle.result();
  } finally {
    origin.remove();
  }
}

async function fetchAll(client: Client): Promise<readonly Recorded[]> {
  const recorded: Recorded[] = [];
  for await (const { workflowId, runId, type } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const json = JSON.stringify(scrub(JSON.parse(historyToJSON(history)) as Parameters<typeof scrub>[0]));
    recorded.push({ workflowType: type, json, events: (JSON.parse(json) as Pick<Recorded, 'events'>).events });
  }
  return recorded;
}

/** The longest first; one of those that took the same steps is enough. */
function worthKeeping(recorded: readonly Recorded[]): readonly Recorded[] {
  const byShape = new Map(
    recorded.map((one) => [one.events.map(({ eventType }) => eventType).join(' '), one] as const),
  );
  return [...byShape.values()].toSorted((a, b) => b.events.length - a.events.length);
}

function write(recorded: readonly Recorded[]): void {
  for (const file of readdirSync(folder))
    if (file.includes(`-${version}.`) && file.endsWith('.json')) rmSync(join(folder, file));
  for (const workflowType of new Set(recorded.map((one) => one.workflowType))) {
    const own = worthKeeping(recorded.filter((one) => one.workflowType === workflowType));
    for (const [at, { json, events }] of own.entries()) {
      const file = `${workflowType}-${version}${at === 0 ? '' : `.${at + 1}`}.json`;
      writeFileSync(join(folder, file), `${json}\n`);
      process.stdout.write(`${file}: ${events.length} events\n`);
    }
  }
}

async function record(): Promise<void> {
  const rig = await Rig.start({ agents: ['A', 'B', 'P'] });
  try {
    await rehearse(rig.server.client, rig.home, 'rehearsed');
    await runTroubled(rig);
    write(await fetchAll(rig.server.client));
  } finally {
    await rig.stop();
  }
}

await record();
