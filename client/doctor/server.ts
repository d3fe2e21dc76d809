/** What `joinpoint doctor` finds on the Temporal server: answers, memory, workers. */
import { counted } from '../../plan/counted.js';
import { durationText } from '../../plan/duration.js';
import { readRetentionMs, retentionWarning } from '../../worker/connection.js';
import { reasonOf, TemporalUnavailableError } from '../../worker/embedded/temporal-unavailable.js';
import { commandLine } from '../command-line.js';
import { type Context, spellingAsGiven } from '../context.js';
import { listRollouts } from '../list-rollouts.js';
import { enginePollers, isAlive, type Poller, unservedAgents } from '../pollers.js';
import { startsWorker } from '../silence.js';
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
    // Without a cause nothing was wrong: no server runs yet, and nobody named one.
    if (error instanceof TemporalUnavailableError && error.cause === undefined)
      return [
        {
          status: 'info',
          subject: 'server',
          found: 'none runs yet, and none is named',
          mend: `${commandLine(spellingAsGiven(context), 'up')} starts one`,
        },
      ];
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

async function checkWorkers(session: Session): Promise<readonly Finding[]> {
  const [open, pollers] = await Promise.all([listRollouts(session, 'open'), enginePollers(session)]);
  const names = open.map(({ name }) => name);
  const agents = [...new Set(open.flatMap(({ memo }) => memo?.agents ?? []))];
  const unserved = await unservedAgents(session, agents);
  const lanes = unserved.map((agent): Finding => ({
    status: 'warn',
    subject: `agent ${agent}`,
    found: 'no worker',
    mend: `start one with: ${session.command('worker', '--agent', agent)}`,
  }));
  return [
    checkEngine(session, names, pollers),
    ...lanes,
    { status: 'ok', subject: 'rollouts', found: open.length > 0 ? `open: ${names.join(', ')}` : 'none is open' },
  ];
}

/** No worker is a failure only where a rollout waits for one. */
function checkEngine(session: Session, open: readonly string[], pollers: readonly Poller[]): Finding {
  const subject = 'engine';
  const alive = pollers.filter((poller) => isAlive(poller));
  const lastSeenAt = Math.max(...pollers.map((poller) => poller.lastSeenAt));
  const seen = pollers.length > 0 ? `last seen ${durationText(Date.now() - lastSeenAt)} ago` : '';
  if (alive.length > 0) return { status: 'ok', subject, found: `${counted(alive.length, 'worker')}, ${seen}` };
  const waits = open.length > 0 ? `, and ${open.join(', ')} open` : '';
  return {
    status: waits ? 'fail' : 'warn',
    subject,
    found: `no worker${seen ? ` (${seen})` : ''}${waits}`,
    mend: `start one with: ${startsWorker(session)}`,
  };
}
