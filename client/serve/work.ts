/** Runs a worker on a server that is there already, until interrupted. */
import { readRetentionMs, retentionWarning } from '../../worker/connection.js';
import { endAgentsNow } from '../../worker/end-agents.js';
import { registerSearchAttributes } from '../../worker/embedded/prepare-namespace.js';
import { searchAttributeTypes } from '../../workflows/search-attributes.js';
import { shortPath } from '../command-line.js';
import type { Context } from '../context.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { type Session, withSession } from '../session.js';
import { followRollouts, openAgents } from './follow-rollouts.js';
import { listenForInterruption } from './interruption.js';
import { refuseBrokenReplays } from './replay-guard.js';
import { Serving } from './serving.js';
import { installRuntime } from './worker-log.js';

export interface WorkerCommandOptions {
  readonly agent: readonly string[];
  /** Undefined: yes where no agent is named; named alone, no lane is served. */
  readonly engine?: boolean;
}

const followEveryMs = 3_000;

/** Without `--agent` and `--engine` it serves every lane of every open rollout, those that start later too. */
export function work(context: Context, options: WorkerCommandOptions): Promise<ExitCode> {
  const interruption = listenForInterruption(
    () =>
      context.say(
        '\nstops; what its agents were doing is begun again by the next worker (Ctrl-C again to end at once)',
      ),
    () => endAgentsNow(context.home),
  );
  return withSession(context, async (session) => {
    const engine = options.engine ?? options.agent.length === 0;
    const log = installRuntime(context.home);
    await prepareServer(context, session);
    if (engine) await refuseBrokenReplays(session.client);
    const serving = await Serving.connect({ resolved: session.resolved, home: context.home, env: context.env });
    try {
      const follows = options.agent.length === 0 && options.engine !== true;
      await serving.serve({ engine, agents: follows ? await openAgents(session) : options.agent });
      announce(context, session, serving, engine, follows, log);
      if (follows)
        void followRollouts(session, serving, followEveryMs, interruption.signal, (agents) =>
          context.say(`  besides  ${agents.join(', ')}, for a rollout that has started`),
        );
      await Promise.race([interruption.happened, serving.failed]);
      return exitCode.done;
    } finally {
      await serving.stop();
      interruption.stopListening();
    }
  });
}

/** A server that joinpoint did not start may lack our search attributes, and may forget soon. */
async function prepareServer(context: Context, { connection, resolved }: Session): Promise<void> {
  await registerSearchAttributes(connection, resolved.namespace, searchAttributeTypes);
  const warning = retentionWarning(await readRetentionMs(connection, resolved.namespace));
  if (warning) context.warn(warning);
}

function announce(
  context: Context,
  { resolved }: Session,
  { agents }: Serving,
  engine: boolean,
  follows: boolean,
  log: string,
): void {
  const lanes = follows
    ? `agents ${agents.join(', ') || 'of the rollouts to come'}`
    : agents.length === 0
      ? ''
      : `agent${agents.length === 1 ? '' : 's'} ${agents.join(', ')}`;
  context.say(`  worker   ${[engine ? 'engine' : '', lanes].filter(Boolean).join(', ')}`);
  context.say(`  server   ${resolved.address}, namespace ${resolved.namespace}`);
  context.say(`  log      ${shortPath(log, process.cwd())}`);
  context.tell({ event: 'serving', engine, agents, address: resolved.address, namespace: resolved.namespace });
}
