/** A command's connection to the server that it is about, and how other commands reach the same. */
import { Client, type Connection } from '@temporalio/client';
import { connect, resolveConnection, type ResolvedConnection } from '../worker/connection.js';
import { commandLine, shortPath, spellCommands, type Spelling } from './command-line.js';
import type { Context } from './context.js';

export interface Session {
  readonly client: Client;
  readonly connection: Connection;
  readonly resolved: ResolvedConnection;
  /** A command for people to copy. */
  readonly command: (...words: readonly string[]) => string;
  /** A message that names commands, for people to copy them from. */
  readonly spell: (message: string) => string;
}

/** No question to a server takes longer, so that a command never hangs. */
const answerMs = 2_500;
const connectMs = 3_000;

/** Asks the server with a deadline. */
export function within<T>({ client }: Pick<Session, 'client'>, ask: () => Promise<T>, ms = answerMs): Promise<T> {
  return client.withDeadline(Date.now() + ms, ask);
}

/** Connects, runs, and closes, whatever happens. @throws TemporalUnavailableError when no server answers. */
export async function withSession<T>(context: Context, run: (session: Session) => Promise<T>): Promise<T> {
  const resolved = await resolveConnection(context);
  const session = await openSession(context, resolved);
  try {
    return await run(session);
  } finally {
    await session.connection.close();
  }
}

/** A session with a server that is known already. */
export async function openSession(context: Context, resolved: ResolvedConnection): Promise<Session> {
  const connection = await connect(resolved, connectMs);
  const client = new Client({ connection, namespace: resolved.namespace });
  const spelling = await spellingOf(context, resolved);
  return {
    client,
    connection,
    resolved,
    command: (...words) => commandLine(spelling, ...words),
    spell: (message) => spellCommands(message, spelling),
  };
}

/** An explicit home goes before the environment, so it is named wherever the environment would lead elsewhere. */
async function spellingOf(context: Context, { source, address }: ResolvedConnection): Promise<Spelling> {
  const isOfHome = source === 'home' || source === 'default';
  const namesHome = context.homeIsExplicit || (isOfHome && (await environmentLeadsElsewhere(context)));
  const home = namesHome ? ['--home', shortPath(context.home, process.cwd())] : [];
  return {
    program: context.program,
    options: [...home, ...(source === 'flag' ? ['--address', address] : [])],
  };
}

async function environmentLeadsElsewhere({ home, env }: Context): Promise<boolean> {
  return resolveConnection({ home, homeIsExplicit: false, env }).then(
    ({ source }) => source === 'environment' || source === 'profile',
    () => false,
  );
}
