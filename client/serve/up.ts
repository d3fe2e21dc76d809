/** Brings a home up: server, worker, then the example or a wait for Ctrl-C; and down again in the other order. */
import { registerSearchAttributes } from '../../worker/embedded/prepare-namespace.js';
import type { ServerEvent } from '../../worker/embedded/supervise-server.js';
import { durationPattern, durationText } from '../../plan/duration.js';
import { searchAttributeTypes } from '../../workflows/search-attributes.js';
import { shortPath } from '../command-line.js';
import type { Context } from '../context.js';
import { exampleRollout } from '../example/example-rollout.js';
import { runExample } from '../example/run-example.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { listRollouts } from '../list-rollouts.js';
import { version } from '../package-root.js';
import { Refusal } from '../refusal.js';
import { openSession, type Session } from '../session.js';
import { followRollouts, openAgents } from './follow-rollouts.js';
import { configuredServer, homeServer, type ServerInUse } from './home-server.js';
import { type Interruption, listenForInterruption } from './interruption.js';
import { refuseBrokenReplays } from './replay-guard.js';
import { Serving } from './serving.js';
import { installRuntime } from './worker-log.js';

export interface UpOptions {
  readonly agent: readonly string[];
  readonly example: boolean;
  readonly yes: boolean;
  readonly shortenSoaks: string;
}

/** Runs until interrupted, or until the example has ended. */
export async function up(context: Context, options: UpOptions): Promise<ExitCode> {
  if (!durationPattern.test(options.shortenSoaks))
    throw new Refusal(`--shorten-soaks ${options.shortenSoaks}: is no duration; write a number and ms, s, m, h or d`);
  context.say(`${context.style.strong(`joinpoint ${version}`)}${options.example ? ': the Anton example' : ''}`);
  const interruption = listenForInterruption(() =>
    context.say('\nstops: first the worker, then the server (Ctrl-C again to end at once)'),
  );
  const server =
    (options.example ? undefined : await configuredServer(context)) ??
    (await homeServer(context, { onProgress: context.say, onEvent: (event) => context.say(eventText(event)) }));
  try {
    return await withServer(context, options, server, interruption);
  } finally {
    await server.stop();
    interruption.stopListening();
  }
}

async function withServer(
  context: Context,
  options: UpOptions,
  server: ServerInUse,
  interruption: Interruption,
): Promise<ExitCode> {
  const session = await openSession(context, server.resolved);
  try {
    describe(context, server);
    const code =
      server.kind === 'joined'
        ? await join(context, options, session, server, interruption)
        : await serve(context, options, session, interruption);
    if (interruption.signal.aborted) await sayHowToResume(context, options, session);
    return code;
  } finally {
    await session.connection.close();
  }
}

/** The other `up` has the server and its worker; only the example is left to do. */
async function join(
  context: Context,
  { example, yes, shortenSoaks }: UpOptions,
  session: Session,
  { holderPid }: ServerInUse,
  interruption: Interruption,
): Promise<ExitCode> {
  context.say(`  joined   the server and worker of process ${holderPid}; nothing else was started`);
  if (example)
    return runExample(context, session, await exampleRollout(session, context.home, shortenSoaks), yes, interruption);
  sayNext(context, session);
  return exitCode.done;
}

async function serve(
  context: Context,
  options: UpOptions,
  session: Session,
  interruption: Interruption,
): Promise<ExitCode> {
  const { resolved } = session;
  const log = installRuntime(context.home);
  if (resolved.source !== 'home')
    await registerSearchAttributes(session.connection, resolved.namespace, searchAttributeTypes);
  await refuseBrokenReplays(session.client);
  const serving = await Serving.connect({ resolved, home: context.home, env: context.env });
  try {
    const example = options.example ? await exampleRollout(session, context.home, options.shortenSoaks) : undefined;
    await serving.serve({
      engine: true,
      agents: [...new Set([...options.agent, ...(example?.agents ?? []), ...(await openAgents(session))])],
    });
    context.say(
      `  worker   engine${serving.agents.length > 0 ? `, agents ${serving.agents.join(', ')}` : ''}; log in ${shortPath(log, process.cwd())}`,
    );
    void followRollouts(session, serving, lookEveryMs(session), interruption.signal, (agents) =>
      context.say(`  worker   agents ${agents.join(', ')} besides, for a rollout that has started`),
    );
    if (example)
      return await Promise.race([runExample(context, session, example, options.yes, interruption), serving.failed]);
    sayNext(context, session);
    await Promise.race([interruption.happened, serving.failed]);
    return exitCode.done;
  } finally {
    await serving.stop();
  }
}

/** A server of one's own may be asked often; a shared one is left in peace. */
function lookEveryMs({ resolved }: Session): number {
  return resolved.source === 'home' ? 1_000 : 5_000;
}

function describe(context: Context, { resolved, kind, adopted }: ServerInUse): void {
  const how =
    kind === 'configured'
      ? ` (named by the ${resolved.source}; none was started)`
      : adopted
        ? ' (was running: adopted)'
        : '';
  context.say(`  server   ${resolved.address}${how}`);
  if (resolved.uiUrl) context.say(`  UI       ${resolved.uiUrl}`);
  context.tell({
    event: 'serving',
    kind,
    adopted,
    address: resolved.address,
    uiUrl: resolved.uiUrl,
    home: context.home,
  });
}

function sayNext({ say }: Context, { command }: Session): void {
  say('');
  say(`start a rollout   ${command('start', '--plan', 'plan.yaml', '--repo', 'URL')}`);
  say(`look at it        ${command('status')}`);
}

async function sayHowToResume(context: Context, { example, agent }: UpOptions, session: Session): Promise<void> {
  const open = await listRollouts(session, 'open').catch(() => []);
  if (open.length > 0) context.say(`open: ${open.map(({ name }) => name).join(', ')}; nothing is lost`);
  const words = ['up', ...(example ? ['--example'] : []), ...(agent.length > 0 ? ['--agent', ...agent] : [])];
  context.say(`resume with: ${session.command(...words)}`);
}

function eventText(event: ServerEvent): string {
  switch (event.kind) {
    case 'died':
      return '  server   died; it is started again';
    case 'restarted':
      return `  server   is back after ${durationText(event.downMs)}`;
    case 'restartFailed':
      return `  server   did not start again: ${event.reason}`;
  }
}
