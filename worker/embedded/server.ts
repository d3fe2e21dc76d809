/** Starts, adopts and stops the server of a home. */
import { hasDatabase } from './database.js';
import { choosePorts, defaultPorts } from './ports.js';
import { endProcess, isRunning } from '../../activities/process/process-identity.js';
import { readServerRecord, type ServerRecord } from './server-record.js';
import { PortTakenError, spawnServer, stopGraceMs, untilServing, type ServerOptions } from './spawn-server.js';

/** The server that now serves a home, and whether it was found or started. */
export interface ServerInUse {
  readonly record: ServerRecord;
  readonly adopted: boolean;
}

const answerTimeoutMs = 3_000;
/** Little, as one that does not answer rarely hears a signal either; SQLite survives the kill. */
const unansweringGraceMs = 2_000;

/** Starts a server on a home on the ports asked for, or free ones; the caller holds the home's lock. */
export async function startServer(options: ServerOptions): Promise<ServerRecord> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await spawnServer(options, await choosePorts(options.ports ?? defaultPorts));
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === 5) throw error;
    }
  }
}

/**
 * Goes on with the home's running server if it answers, else ends it and starts anew on the same ports. A
 * server whose database file was deleted is not adopted: it would take all it holds along when it ends.
 */
export async function adoptOrStartServer(options: ServerOptions): Promise<ServerInUse> {
  const record = await readServerRecord(options.home);
  if (!record) return { record: await startServer(options), adopted: false };
  if ((await isRunning(record.process)) && (await hasDatabase(options.home))) {
    try {
      await untilServing(options, record, Date.now() + answerTimeoutMs);
      return { record, adopted: true };
    } catch {
      // It lives and does not answer: replaced below.
    }
  }
  await endProcess(record.process, unansweringGraceMs);
  const { grpcPort, uiPort } = record;
  return {
    record: await startServer({ ...options, ports: options.ports ?? { grpcPort, uiPort } }),
    adopted: false,
  };
}

/** Ends the recorded server, cleanly if it can; idempotent. Its record stays, for the ports of the next. */
export async function stopServer(record: ServerRecord): Promise<void> {
  await endProcess(record.process, stopGraceMs);
}
