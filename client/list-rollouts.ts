/** Lists rollouts and picks the one that is meant, from the server's records: no worker is needed. */
import { WorkflowNotFoundError, type WorkflowExecutionInfo } from '@temporalio/client';
import { rolloutId } from '../workflows/ids.js';
import { Refusal } from './refusal.js';
import { RolloutMemo } from './rollout-memo.js';
import { type Session, within } from './session.js';

export interface ListedRollout {
  readonly name: string;
  readonly workflowId: string;
  readonly isOpen: boolean;
  /** The server's word: `RUNNING`, `COMPLETED`, `TERMINATED`. */
  readonly status: string;
  readonly startedAt: number;
  /** What it last said it was doing; for people, no decision depends on it. */
  readonly phase?: string;
  readonly memo?: RolloutMemo;
}

/** Why a closed rollout stands where it stands, when Temporal ended it and not its own workflow; undefined otherwise. */
export function endedByServer({ isOpen, status }: ListedRollout): string | undefined {
  if (isOpen || status === 'COMPLETED') return undefined;
  return `Temporal says ${status}: it will not go on, and what it has landed stands; start another rollout for what is left`;
}

type Asked = Pick<Session, 'client'>;

/** Open rollouts, or the latest closed ones, newest first. */
export async function listRollouts(
  session: Asked,
  which: 'open' | 'closed',
  atMost = 20,
): Promise<readonly ListedRollout[]> {
  const status = which === 'open' ? '=' : '!=';
  return within(session, async () => {
    const found: ListedRollout[] = [];
    const listed = session.client.workflow.list({
      query: `WorkflowType = 'runRollout' AND ExecutionStatus ${status} 'Running'`,
      pageSize: atMost,
    });
    for await (const info of listed) {
      found.push(asListed(info));
      if (found.length === atMost) break;
    }
    return found.sort((a, b) => b.startedAt - a.startedAt);
  });
}

/** The newest rollout of a name, open or not; undefined when there was none. */
export async function findRollout(session: Asked, name: string): Promise<ListedRollout | undefined> {
  try {
    return asListed(await within(session, () => session.client.workflow.getHandle(rolloutId(name)).describe()));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** The ids of a rollout's open workflows, itself included. */
export async function openWorkflows(session: Asked, rollout: string, atMost = 40): Promise<readonly string[]> {
  return within(session, async () => {
    const ids: string[] = [];
    for await (const { workflowId } of session.client.workflow.list({
      query: `JoinpointRollout = '${rollout}' AND ExecutionStatus = 'Running'`,
    })) {
      if (ids.push(workflowId) === atMost) break;
    }
    return ids.sort();
  });
}

/** The rollout of that name, else the only open one, else the last closed one where `closed` allows it. @throws Refusal */
export async function pickRollout(
  session: Session,
  name: string | undefined,
  closed: 'closedToo' | 'openOnly',
): Promise<ListedRollout> {
  if (name !== undefined) {
    const found = await findRollout(session, name);
    if (!found) throw await unknown(session, name);
    if (!found.isOpen && closed === 'openOnly') throw hasEnded(session, found);
    return found;
  }
  const open = await listRollouts(session, 'open');
  if (open.length > 1)
    throw new Refusal(
      `rollouts: ${open.length} are open (${open.map((one) => one.name).join(', ')}); name one of them`,
    );
  if (open[0]) return open[0];
  const [last] = await listRollouts(session, 'closed');
  if (last && closed === 'openOnly') throw hasEnded(session, last);
  if (last) return last;
  throw new Refusal(
    `rollouts: none is open on ${session.resolved.address}; start one with: ${session.command('start', '--plan', 'FILE', '--repo', 'URL')}`,
  );
}

/** Nothing more can be told to it; what can still be done is said. */
function hasEnded({ command }: Session, { name, status }: ListedRollout): Refusal {
  return new Refusal(
    `rollout ${name}: has ended (${status.toLowerCase()}) and takes nothing any more; what it landed stands: take it back with git revert, or with the plan of another rollout; look at it with: ${command('status', name)}`,
  );
}

async function unknown(session: Session, name: string): Promise<Refusal> {
  const known = [...(await listRollouts(session, 'open')), ...(await listRollouts(session, 'closed'))];
  const names = [...new Set(known.map((one) => one.name))];
  return new Refusal(
    `rollout ${name}: there is none on ${session.resolved.address}; ${names.length > 0 ? `there are ${names.join(', ')}` : `start one with: ${session.command('start', '--plan', 'FILE', '--repo', 'URL')}`}`,
  );
}

function asListed({
  workflowId,
  status,
  startTime,
  memo,
  // oxlint-disable-next-line typescript/no-deprecated -- the typed ones hold the same, but a list's pick of them is no type of the SDK
  searchAttributes,
}: Pick<WorkflowExecutionInfo, 'workflowId' | 'status' | 'startTime' | 'memo' | 'searchAttributes'>): ListedRollout {
  const parsed = RolloutMemo.safeParse(memo);
  const phase = searchAttributes['JoinpointPhase']?.[0];
  return {
    name: workflowId.slice(rolloutId('').length),
    workflowId,
    isOpen: status.name === 'RUNNING',
    status: status.name,
    startedAt: startTime.getTime(),
    ...(typeof phase === 'string' && { phase }),
    ...(parsed.success && { memo: parsed.data }),
  };
}
