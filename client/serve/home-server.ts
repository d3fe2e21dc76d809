/** The server that `up` uses: its home's own, another `up`'s, or one that the environment names. */
import { setTimeout as delay } from 'node:timers/promises';
import { type ResolvedConnection, resolveConnection } from '../../worker/connection.js';
import { findTemporalCli } from '../../worker/embedded/find-binary.js';
import { acquireLock } from '../../worker/embedded/lock.js';
import { adoptOrStartServer } from '../../worker/embedded/server.js';
import { readServerRecord, type ServerRecord } from '../../worker/embedded/server-record.js';
import { type ServerEvent, superviseServer } from '../../worker/embedded/supervise-server.js';
import { TemporalUnavailableError } from '../../worker/embedded/temporal-unavailable.js';
import { searchAttributeTypes } from '../../workflows/search-attributes.js';
import type { Context } from '../context.js';
import { exitCode } from '../exit-code.js';
import { Refusal } from '../refusal.js';

export interface ServerInUse {
  readonly resolved: ResolvedConnection;
  /** `own`: started or adopted, and supervised until `stop`. `joined`: another `up` of this home runs it, and its workers. */
  readonly kind: 'own' | 'joined' | 'configured';
  readonly adopted: boolean;
  readonly holderPid?: number;
  /** Ends an own server and frees the home; does nothing to any other. */
  stop(): Promise<void>;
  /** Tells an own server to end, and waits for nothing. */
  endNow(): void;
}

export interface Told {
  readonly onProgress: (message: string) => void;
  readonly onEvent: (event: ServerEvent) => void;
}

const nothing = { stop: (): Promise<void> => Promise.resolve(), endNow: (): void => undefined };

/** A server that the command line or the environment names, and that is not the home's own. */
export async function configuredServer(context: Context): Promise<ServerInUse | undefined> {
  try {
    const resolved = await resolveConnection(context);
    return resolved.source === 'home' || resolved.source === 'default'
      ? undefined
      : { resolved, kind: 'configured', adopted: false, ...nothing };
  } catch (error) {
    // Without a cause nothing was wrong: no server runs yet, and nobody named one.
    if (error instanceof TemporalUnavailableError && error.cause === undefined) return undefined;
    throw error;
  }
}

/** The home's own server, with its lock; or, where a living `up` has that, its server. */
export async function homeServer({ home, env }: Context, told: Told, signal: AbortSignal): Promise<ServerInUse> {
  for (let look = 1; ; look++) {
    const lock = await acquireLock(home);
    if (lock.held) {
      try {
        return await ownServer(home, env, lock.release, told);
      } catch (error) {
        await lock.release();
        throw error;
      }
    }
    const { pid } = lock.holder.process;
    const record = await recordOfHolder(home, Date.parse(lock.holder.acquiredAt));
    if (record) return { resolved: asResolved(record), kind: 'joined', adopted: false, holderPid: pid, ...nothing };
    if (signal.aborted)
      throw new Refusal(`home ${home}: process ${pid} is still starting its server; try again`, exitCode.failed);
    if (look === 1) told.onProgress(`Process ${pid} is starting the server of this home; waiting for it`);
    await delay(500, undefined, { signal }).catch(() => undefined);
  }
}

async function ownServer(
  home: string,
  env: Context['env'],
  release: () => Promise<void>,
  told: Told,
): Promise<ServerInUse> {
  const binary = await findTemporalCli({ home, env: { ...env }, onProgress: told.onProgress });
  const options = { home, binary, searchAttributes: searchAttributeTypes };
  const { record, adopted } = await adoptOrStartServer(options);
  const supervised = superviseServer(options, record, told.onEvent);
  const stop = async (): Promise<void> => {
    await supervised.stop();
    await release();
  };
  const endNow = (): void => void process.kill(supervised.current().process.pid, 'SIGTERM');
  return { resolved: asResolved(record), kind: 'own', adopted, stop, endNow };
}

/** The record of a server that answers for the lock's holder; one from before may be of a server that is about to be replaced. */
async function recordOfHolder(home: string, heldSince: number): Promise<ServerRecord | undefined> {
  const record = await readServerRecord(home);
  if (!record) return undefined;
  const settled = Date.parse(record.startedAt) >= heldSince || Date.now() - heldSince > 5_000;
  return settled ? record : undefined;
}

function asResolved({ address, namespace, uiUrl }: ServerRecord): ResolvedConnection {
  return { address, namespace, connectionOptions: { address }, source: 'home', uiUrl };
}
