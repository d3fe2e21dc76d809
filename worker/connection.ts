/** Decides which Temporal server this command talks to, and connects to it. */
import { Connection, type ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { readLockHolder } from './embedded/lock.js';
import { describeRetentionMs } from './embedded/prepare-namespace.js';
import { isRunning } from '../activities/process/process-identity.js';
import { readServerRecord, type ServerRecord } from './embedded/server-record.js';
import { TemporalUnavailableError, reasonOf } from './embedded/temporal-unavailable.js';

/** What the command line and the environment say. */
export interface ConnectionRequest {
  readonly home: string;
  /** Whether a person named the home; then its running server goes before the environment. */
  readonly homeIsExplicit: boolean;
  readonly address?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A server to talk to, and who named it; `default` is the server of the home that nobody named. */
export interface ResolvedConnection {
  readonly address: string;
  readonly namespace: string;
  /** Fits the client's `Connection` and the worker's `NativeConnection`. */
  readonly connectionOptions: TemporalConnectionOptions;
  readonly source: 'flag' | 'home' | 'environment' | 'profile' | 'default';
  readonly uiUrl?: string;
}

/** The options that client and worker share. */
export type TemporalConnectionOptions = Pick<ConnectionOptions, 'tls' | 'metadata'> & {
  readonly address: string;
  readonly apiKey?: string;
};

/**
 * The server by precedence: `--address`, an explicit home's running server, `TEMPORAL_*` or a profile of
 * temporal.toml, the home's running server. Reads files only; throws `TemporalUnavailableError` when none.
 */
export async function resolveConnection(request: ConnectionRequest): Promise<ResolvedConnection> {
  const { home, homeIsExplicit, address } = request;
  const running = address === undefined ? await runningServer(home) : undefined;
  if (running && homeIsExplicit) return ofRecord(running, 'home');

  const configured = readConfiguration(request.env ?? process.env);
  if (address !== undefined) return ofConfiguration({ ...configured, address }, 'flag');
  if (configured.address !== undefined) {
    const source = configured.addressIsFromEnvironment ? 'environment' : 'profile';
    return ofConfiguration({ ...configured, address: configured.address }, source);
  }
  if (running) return ofRecord(running, 'default');
  throw new TemporalUnavailableError(
    `Temporal: no server runs for ${home} and no TEMPORAL_ADDRESS or profile names one; ` +
      'start one with: joinpoint up',
  );
}

/** A connection that answers; throws `TemporalUnavailableError` within `timeoutMs` when nothing does. */
export async function connect(resolved: ResolvedConnection, timeoutMs = 5_000): Promise<Connection> {
  const connection = Connection.lazy({
    ...resolved.connectionOptions,
    connectTimeout: timeoutMs,
  });
  try {
    await connection.ensureConnected();
    return connection;
  } catch (error) {
    await connection.close();
    throw new TemporalUnavailableError(
      `Temporal at ${resolved.address}: no answer within ${timeoutMs / 1_000} s (${reasonOf(error)}); ` +
        remedies[resolved.source],
      { cause: error },
    );
  }
}

/** How long a namespace keeps closed workflows, in milliseconds; a question to the server. */
export async function readRetentionMs(connection: Connection, namespace: string): Promise<number> {
  return connection.withDeadline(Date.now() + 5_000, () => describeRetentionMs(connection, namespace));
}

/** A warning for a namespace that may forget a rollout's closed phases before the rollout ends. */
export function retentionWarning(retentionMs: number): string | undefined {
  const dayMs = 86_400_000;
  if (retentionMs >= 30 * dayMs) return undefined;
  const kept = retentionMs < 3 * dayMs ? `${retentionMs / 3_600_000} h` : `${retentionMs / dayMs} days`;
  return (
    `Temporal namespace: keeps closed workflows for ${kept} only, less than 30 days; ` +
    'raise it with: temporal operator namespace update --retention 8760h'
  );
}

const remedies: Readonly<Record<ResolvedConnection['source'], string>> = {
  flag: 'check --address',
  home: 'start it with: joinpoint up',
  environment: 'check TEMPORAL_ADDRESS, or unset it and run: joinpoint up',
  profile: 'check the profile in temporal.toml, or run: joinpoint up',
  default: 'start it with: joinpoint up',
};

/** A server that died under a living `up` is back in a moment, so its address counts. */
async function runningServer(home: string): Promise<ServerRecord | undefined> {
  const record = await readServerRecord(home);
  if (!record) return undefined;
  return (await isRunning(record.process)) || (await readLockHolder(home)) ? record : undefined;
}

function ofRecord(record: ServerRecord, source: 'home' | 'default'): ResolvedConnection {
  const { address, namespace, uiUrl } = record;
  return { address, namespace, connectionOptions: { address }, source, uiUrl };
}

interface Configuration {
  readonly address?: string;
  readonly namespace?: string;
  readonly addressIsFromEnvironment: boolean;
  readonly options: Omit<TemporalConnectionOptions, 'address'>;
}

function ofConfiguration(
  { address, namespace, options }: Configuration & { readonly address: string },
  source: 'flag' | 'environment' | 'profile',
): ResolvedConnection {
  return {
    address,
    namespace: namespace ?? 'default',
    connectionOptions: { address, ...options },
    source,
  };
}

function readConfiguration(env: Readonly<Record<string, string | undefined>>): Configuration {
  const set = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => !!entry[1]));
  let loaded: ReturnType<typeof loadClientConnectConfig>;
  try {
    loaded = loadClientConnectConfig({ overrideEnvVars: set });
  } catch (error) {
    throw new TemporalUnavailableError(
      `Temporal configuration: cannot be read (${reasonOf(error)}); correct temporal.toml or TEMPORAL_PROFILE`,
      { cause: error },
    );
  }
  const { namespace, connectionOptions } = loaded;
  const { apiKey, tls, metadata } = connectionOptions;
  // A profile asked for by name means its server, and without an address that is Temporal's default.
  const address = connectionOptions.address ?? (set['TEMPORAL_PROFILE'] ? 'localhost:7233' : undefined);
  return {
    ...(address && { address }),
    ...(namespace && { namespace }),
    addressIsFromEnvironment: set['TEMPORAL_ADDRESS'] !== undefined,
    options: {
      ...(apiKey && { apiKey }),
      ...(tls !== undefined && { tls }),
      ...(metadata && { metadata }),
    },
  };
}
