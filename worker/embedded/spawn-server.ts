/** Starts one dev server process on a home's database and waits until it serves. */
import { spawn } from 'node:child_process';
import { mkdir, open, readFile, realpath, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { databasePath, pinVersion } from './database.js';
import type { Binary } from './find-binary.js';
import { endLeftoverServers } from './leftover-server.js';
import { isListening, isPortFree, type ServerPorts } from './ports.js';
import { prepareNamespace, type SearchAttributes } from './prepare-namespace.js';
import { startInTurn } from './start-in-turn.js';
import { endProcess, identifyProcess, isRunning } from '../../activities/process/process-identity.js';
import { writeServerRecord, type ServerRecord } from './server-record.js';
import { TemporalUnavailableError, reasonOf } from './temporal-unavailable.js';

/** What a home's server is started with. */
export interface ServerOptions {
  /** The caller holds its lock. */
  readonly home: string;
  readonly binary: Binary;
  readonly env?: NodeJS.ProcessEnv;
  readonly searchAttributes?: SearchAttributes;
  /** Ports to take where they are free; Temporal's defaults when left out. */
  readonly ports?: ServerPorts;
}

/** The one namespace that a dev server creates by itself. */
const namespace = 'default';
const startTimeoutMs = 30_000;
/** How long a server may take to close its database before it is killed. */
export const stopGraceMs = 10_000;
const logLimitBytes = 20_000_000;

/** Says that a port was taken between choosing and binding it. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
}

/**
 * Starts the server on exactly these ports, in a process group of its own so that a terminal's Ctrl-C reaches
 * the worker first; returns when it serves and its namespace is prepared. Its record is written before it
 * serves, so that a starter killed in between leaves a server that can be found.
 *
 * @throws PortTakenError where somebody holds one of the ports
 */
export function spawnServer(options: ServerOptions, ports: ServerPorts): Promise<ServerRecord> {
  return startInTurn(options.env ?? process.env, () => spawnAlone(options, ports));
}

async function spawnAlone(options: ServerOptions, { grpcPort, uiPort }: ServerPorts): Promise<ServerRecord> {
  const { binary } = options;
  const deadlineAt = Date.now() + startTimeoutMs;
  await mkdir(options.home, { recursive: true });
  const home = await realpath(options.home);
  await endLeftoverServers(home, stopGraceMs);
  // Else whoever holds the port, another home's server maybe, would be taken for this one before it has failed.
  for (const port of [grpcPort, uiPort]) {
    if (!(await isPortFree(port))) throw new PortTakenError(`port ${port} is in use`);
  }
  await pinVersion(home, binary.version);
  const log = await openLog(home);
  const child = spawn(binary.path, serverArguments(home, { grpcPort, uiPort }), {
    cwd: home,
    detached: true,
    env: withoutTemporalSettings(options.env ?? process.env),
    stdio: ['ignore', log.file.fd, log.file.fd],
  });
  const failure = new Promise<Error>((resolve) => {
    child.once('error', resolve);
    child.once('exit', (code, signal) => resolve(new Error(`ended with ${signal ?? `code ${code}`}`)));
  });
  await log.file.close();
  child.unref();

  const identity = child.pid === undefined ? undefined : await identifyProcess(child.pid);
  if (!identity) throw await startFailure(await failure, log);
  const record: ServerRecord = {
    process: identity,
    startedAt: new Date().toISOString(),
    grpcPort,
    uiPort,
    address: `127.0.0.1:${grpcPort}`,
    uiUrl: `http://127.0.0.1:${uiPort}`,
    namespace,
    version: binary.version,
  };
  await writeServerRecord(home, record);
  try {
    const ended = await Promise.race([failure, untilServing(options, record, deadlineAt)]);
    if (ended) throw ended;
    return record;
  } catch (error) {
    await endProcess(identity, stopGraceMs);
    throw await startFailure(error, log);
  }
}

/** Waits until a server answers and prepares its namespace; throws when it does neither by `deadlineAt`. */
export async function untilServing(
  { searchAttributes = {} }: Pick<ServerOptions, 'searchAttributes'>,
  record: ServerRecord,
  deadlineAt: number,
): Promise<void> {
  const connection = await connectBy(record, deadlineAt);
  try {
    await prepareNamespace(connection, record.namespace, searchAttributes, deadlineAt);
  } finally {
    await connection.close();
  }
}

/** Looks for the port first, because gRPC waits a second and more after a refusal. */
async function connectBy(record: ServerRecord, deadlineAt: number): Promise<Connection> {
  for (let reason = 'it is not listening'; ; await delay(20)) {
    if (!(await isRunning(record.process))) throw new Error(`process ${record.process.pid} is gone`);
    if (Date.now() >= deadlineAt) throw new Error(`${record.address} does not answer: ${reason}`);
    if (!(await isListening(record.grpcPort))) continue;
    // Bounded, since a port that somebody else holds may accept and stay silent.
    const connectTimeout = Math.max(1, Math.min(3_000, deadlineAt - Date.now()));
    const connection = Connection.lazy({ address: record.address, connectTimeout });
    try {
      await connection.ensureConnected();
      return connection;
    } catch (error) {
      await connection.close();
      reason = reasonOf(error);
    }
  }
}

function serverArguments(home: string, { grpcPort, uiPort }: ServerPorts): readonly string[] {
  return [
    // This order is what endLeftoverServers looks for.
    'server',
    'start-dev',
    '--db-filename',
    databasePath(home),
    '--ip',
    '127.0.0.1',
    '--port',
    String(grpcPort),
    '--ui-port',
    String(uiPort),
    '--log-level',
    'warn',
  ];
}

/** A profile or address meant for another server must not configure this one. */
function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

interface Log {
  readonly file: Awaited<ReturnType<typeof open>>;
  readonly path: string;
  readonly startByte: number;
}

/** One older log is kept, so that weeks of warnings stay bounded across restarts. */
async function openLog(home: string): Promise<Log> {
  const path = join(home, 'logs', 'temporal.log');
  await mkdir(join(home, 'logs'), { recursive: true });
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > logLimitBytes) await rename(path, `${path}.1`);
  const file = await open(path, 'a');
  return { file, path, startByte: (await file.stat()).size };
}

async function startFailure(error: unknown, log: Log): Promise<Error> {
  const written = (await readFile(log.path)).subarray(log.startByte).toString('utf8');
  const said = /^Error: (.*)$/m.exec(written)?.[1];
  if (written.includes('address already in use')) return new PortTakenError(said ?? reasonOf(error));
  return new TemporalUnavailableError(
    `embedded Temporal server: did not start (${said ?? reasonOf(error)}); read ${log.path}`,
    { cause: error },
  );
}
