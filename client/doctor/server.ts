/** What `joinpoint doctor` finds on the Temporal server: answers, memory, workers. */
import { durationText } from '../../plan/duration.js';
import { readRetentionMs, retentionWarning } from '../../worker/connection.js';
import { reasonOf } from '../../worker/embedded/temporal-unavailable.js';
import type { Context } from '../context.js';
import { listRollouts } from '../list-rollouts.js';
import { enginePollers, unservedAgents } from '../pollers.js';
import { type Session, withSession } from '../session.js';
import type { Finding } from './finding.js';

export async function checkServer(context: Context): Promise<readonly Finding[]> {
  try {
    return await withSession(context, async (session) => {
      const { address, namespace, source } = session.resolved;
      return [
        {
          status: 'ok',
          subject: 'server',
          found: `${address}, namespace ${namespace} (named by ${sourceText[source]})`,
        },
        await checkRetention(session),
        ...(await checkWorkers(session)),
      ];
    });
  } catch (error) {
    return [{ status: 'fail', subject: 'server', found: reasonOf(error) }];
  }
}

const sourceText = {
  flag: '--address',
  home: 'the home',
  environment: 'the environment',
  profile: 'a profile',
  default: 'the home',
} as const;

async function checkRetention({ connection, resolved }: Session): Promise<Finding> {
  const retentionMs = await readRetentionMs(connection, resolved.namespace);
  const warning = retentionWarning(retentionMs);
  const [, mend] = warning?.split('; ') ?? [];
  return {
    status: warning ? 'warn' : 'ok',
    subject: 'retention',
    found: `closed workflows are kept for ${durationText(retentionMs)}`,
    ...(mend && { mend }),
  };
}

/** No worker is a failure only where a rollout waits for one. */
async function checkWorkers(session: Session): Promise<readonly Finding[]> {
  const [open, pollers] = await Promise.all([listRollouts(session, 'open'), enginePollers(session)]);
  const names = open.map(({ name }) => name);
  const start = `start one with: ${session.command('worker')}`;
  const engine: Finding =
    pollers.length > 0
      ? {
          status: 'ok',
          subject: 'engine',
          found: `${pollers.length} worker${pollers.length === 1 ? '' : 's'}, last seen ${durationText(Date.now() - Math.max(...pollers.map(({ lastSeenAt }) => lastSeenAt)))} ago`,
        }
      : {
          status: open.length > 0 ? 'fail' : 'warn',
          subject: 'engine',
          found: open.length > 0 ? `no worker, and ${names.join(', ')} open` : 'no worker',
          mend: start,
        };
  const agents = [...new Set(open.flatMap(({ memo }) => memo?.agents ?? []))];
  const unserved = await unservedAgents(session, agents);
  const lanes = unserved.map((agent): Finding => ({
    status: 'warn',
    subject: `agent ${agent}`,
    found: 'no worker',
    mend: `start one with: ${session.command('worker', '--agent', agent)}`,
  }));
  return [
    engine,
    ...lanes,
    { status: 'ok', subject: 'rollouts', found: open.length > 0 ? `open: ${names.join(', ')}` : 'none is open' },
  ];
}
