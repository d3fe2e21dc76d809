/** Brings a home up: server, worker, then the example or a wait for Ctrl-C; and down again in the other order. */
import { registerSearchAttributes } from '../../worker/embedded/prepare-namespace.js';
import { endAgentsNow } from '../../worker/end-agents.js';
import { durationPattern } from '../../plan/duration.js';
import { searchAttributeTypes } from '../../workflows/search-attributes.js';
import { shortPath } from '../command-line.js';
import type { Context } from '../context.js';
import { exampleRollout } from '../example/example-rollout.js';
import { runExample } from '../example/run-example.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { version } from '../package-root.js';
import { Refusal } from '../refusal.js';
import { openSession, type Session } from '../session.js';
import { followRollouts, openAgents } from './follow-rollouts.js';
import { configuredServer, homeServer, type ServerInUse } from './home-server.js';
import { type Interruption, listenForInterruption } from './interruption.js';
import { refuseBrokenReplays } from './replay-guard.js';
import { Serving } from './serving.js';
import { eventText, sayHowToResume, sayNext, sayServer } from './up-screen.js';
import { installRuntime } from './worker-log.js';

export interface UpOptions {
  readonly agent: readonly string[];
  readonly example: boolean;
  readonly yes: boolean;
  readonly shortenSoaks: string;
}

/** Runs until interrupted, or until the example has ended. */
export async function up(context: Context, options: UpOptions): Promise<ExitCode> {
  refuseWrongOptions(options);
  context.say(`${context.style.strong(`joinpoint ${version}`)}${options.example ? ': the Anton example' : ''}`);
  let server: ServerInUse | undefined;
  const interruption = listenForInterruption(
    () => context.say(`\n${stops(server)} (Ctrl-C again to end at once)`),
    async () => {
      server?.endNow();
      if (server?.kind !== 'joined') await endAgentsNow(context.home);
    },
  );
  try {
    const told = {
      onProgress: context.say,
      onEvent: (event: Parameters<typeof eventText>[0]) => context.say(eventText(event)),
    };
    server =
      (isOwn(context, options) ? undefined : await configuredServer(context)) ??
      (await homeServer(context, told, interruption.signal));
    return await withServer(context, options, server, interruption);
  } finally {
    await server?.stop();
    interruption.stopListening();
  }
}

/** The example never touches somebody's server, and who names a home means that home's. */
function isOwn({ homeIsExplicit, address }: Context, { example }: UpOptions): boolean {
  return example || (homeIsExplicit && address === undefined);
}

function refuseWrongOptions({ example, yes, shortenSoaks }: UpOptions): void {
  if (!durationPattern.test(shortenSoaks))
    throw new Refusal(`--shorten-soaks ${shortenSoaks}: is no duration; write a number and ms, s, m, h or d`);
  if (yes && !example)
    throw new Refusal(
      '--yes: answers the questions of the example only; add --example, or answer with approve and done',
    );
}

function stops(server: ServerInUse | undefined): string {
  switch (server?.kind) {
    case 'joined':
      return 'stops watching; server and worker go on';
    case 'configured':
      return 'stops the worker';
    default:
      return 'stops: first the worker, then the server';
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
    sayServer(context, server);
    const code =
      server.kind === 'joined'
        ? await join(context, options, session, server, interruption)
        : await serve(context, options, session, interruption);
    if (interruption.signal.aborted) await sayHowToResume(context, session, wordsOf(options));
    return code;
  } finally {
    await session.connection.close();
  }
}

function wordsOf({ example, yes, agent }: UpOptions): readonly string[] {
  return [
    'up',
    ...(example ? ['--example'] : []),
    ...(yes ? ['--yes'] : []),
    ...(agent.length > 0 ? ['--agent', ...agent] : []),
  ];
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
    if (interruption.signal.aborted) return exitCode.waiting;
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
