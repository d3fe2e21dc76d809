/** The embedded server for real: started, adopted, killed, frozen, orphaned, shut out of its port, stopped. */
import { createServer, type Server } from 'node:net';
import { mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readRetentionMs } from '../connection.js';
import { databasePath, readVersionPin } from './database.js';
import { findTemporalCli, type Binary } from './find-binary.js';
import { isPortFree, type ServerPorts } from './ports.js';
import { isRunning } from '../../activities/process/process-identity.js';
import { readServerRecord, type ServerRecord } from './server-record.js';
import { adoptOrStartServer, startServer, stopServer } from './server.js';
import type { ServerOptions } from './spawn-server.js';
import { superviseServer, type ServerEvent, type SupervisedServer } from './supervise-server.js';

const searchAttributes = { JoinpointRollout: 'KEYWORD', JoinpointOrder: 'INT' } as const;

let root: string;
let binary: Binary;
let ports: ServerPorts;
const homes: string[] = [];
const listeners: Server[] = [];
const supervisions: SupervisedServer[] = [];

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'joinpoint-server-')));
  binary = await findTemporalCli({ home: root });
  ports = { grpcPort: await somePort(), uiPort: await somePort() };
}, 240_000);
afterEach(async () => {
  for (const supervised of supervisions.splice(0)) await supervised.stop();
  for (const listener of listeners.splice(0)) await new Promise((resolve) => listener.close(resolve));
  for (const home of homes.splice(0)) {
    const record = await readServerRecord(home);
    if (record) await stopServer(record);
  }
}, 30_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

async function aHome(): Promise<ServerOptions> {
  const home = await mkdtemp(join(root, 'home-'));
  homes.push(home);
  return { home, binary, ports, searchAttributes };
}

function supervise(options: ServerOptions, first: ServerRecord, events: ServerEvent[]): SupervisedServer {
  const supervised = superviseServer(options, first, (event) => events.push(event));
  supervisions.push(supervised);
  return supervised;
}

async function somePort(): Promise<number> {
  const { port, server } = await listen(0);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listen(port: number): Promise<{ readonly server: Server; readonly port: number }> {
  // As silent as a stranger, but gone when closed: an open socket would keep close() waiting.
  const server = createServer((socket) => socket.resume().setTimeout(50, () => socket.destroy()));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return { server, port: typeof address === 'object' && address ? address.port : 0 };
}

async function withClient<T>(record: ServerRecord, body: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: record.address });
  try {
    return await body(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

/** No worker is needed for a workflow to be in the database. */
function startWorkflow(record: ServerRecord, workflowId: string): Promise<unknown> {
  const rollout = defineSearchAttributeKey('JoinpointRollout', 'KEYWORD');
  return withClient(record, (client) =>
    client.workflow.start('anything', {
      workflowId,
      taskQueue: 'nobody',
      typedSearchAttributes: [{ key: rollout, value: workflowId }],
    }),
  );
}

function workflowStatus(record: ServerRecord, workflowId: string): Promise<string> {
  return withClient(record, async (client) => (await client.workflow.getHandle(workflowId).describe()).status.name);
}

async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (const deadlineAt = Date.now() + 15_000; Date.now() < deadlineAt;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not happen within 15 s');
}

describe('embedded server', { timeout: 60_000 }, () => {
  it('serves with its UI, a year of retention and the search attributes, and stops cleanly', async () => {
    const options = await aHome();
    const record = await startServer(options);
    expect(record).toMatchObject({ ...ports, namespace: 'default', version: binary.version });
    expect(await readServerRecord(options.home)).toEqual(record);
    expect(await readVersionPin(options.home)).toBe(binary.version);
    await startWorkflow(record, 'rollout/one');
    expect((await fetch(record.uiUrl)).status).toBe(200);
    await withClient(record, async ({ connection }) => {
      expect(await readRetentionMs(connection as Connection, 'default')).toBe(8_760 * 3_600_000);
    });
    const { stdout } = await execa('ps', ['-o', 'pgid=', '-p', String(record.process.pid)]);
    expect(Number(stdout)).toBe(record.process.pid);

    await stopServer(record);
    expect(await isRunning(record.process)).toBe(false);
    await stopServer(record);
    expect(await readFile(join(options.home, 'logs', 'temporal.log'), 'utf8')).not.toContain('panic');
  });

  it('is adopted while it answers', async () => {
    const options = await aHome();
    const record = await startServer(options);
    expect(await adoptOrStartServer(options)).toEqual({ record, adopted: true });
  });

  it('registers search attributes that a newer joinpoint adds to an adopted server', async () => {
    const options = await aHome();
    const record = await startServer({ ...options, searchAttributes: {} });
    await adoptOrStartServer(options);
    await expect(startWorkflow(record, 'rollout/added')).resolves.not.toThrow();
  });

  it('comes back on the same ports and database when it is killed under supervision', async () => {
    const options = await aHome();
    const first = await startServer(options);
    await startWorkflow(first, 'rollout/survivor');
    const events: ServerEvent[] = [];
    const supervised = supervise(options, first, events);
    for (let kill = 1; kill <= 2; kill += 1) {
      process.kill(supervised.current().process.pid, 'SIGKILL');
      await until(() => (events.length >= kill * 2 ? true : undefined));
      expect(events.map(({ kind }) => kind).slice(-2)).toEqual(['died', 'restarted']);
      expect(supervised.current()).toMatchObject(ports);
      expect(supervised.current().process).not.toEqual(first.process);
      expect(await workflowStatus(supervised.current(), 'rollout/survivor')).toBe('RUNNING');
    }
    expect(await readServerRecord(options.home)).toEqual(supervised.current());

    await supervised.stop();
    await supervised.stop();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await isRunning(supervised.current().process)).toBe(false);
    expect(await isPortFree(ports.grpcPort)).toBe(true);
    expect(events).toHaveLength(4);
  });

  it('waits for its own port under supervision rather than moving away from its clients', async () => {
    const options = await aHome();
    const first = await startServer(options);
    await stopServer(first);
    const { server } = await listen(ports.grpcPort);
    const events: ServerEvent[] = [];
    const supervised = supervise(options, first, events);
    await until(() => events.find(({ kind }) => kind === 'restartFailed'));
    await new Promise((resolve) => server.close(resolve));
    await until(() => events.find(({ kind }) => kind === 'restarted'));
    expect(supervised.current()).toMatchObject(ports);
    await supervised.stop();
  });

  it('is replaced when its process lives and does not answer', async () => {
    const options = await aHome();
    const frozen = await startServer(options);
    await startWorkflow(frozen, 'rollout/thawed');
    process.kill(frozen.process.pid, 'SIGSTOP');
    const { record, adopted } = await adoptOrStartServer(options);
    expect(adopted).toBe(false);
    expect(record).toMatchObject(ports);
    expect(await isRunning(frozen.process)).toBe(false);
    expect(await workflowStatus(record, 'rollout/thawed')).toBe('RUNNING');
  });

  it('is started again after its death, even where its pid belongs to another process', async () => {
    const options = await aHome();
    const dead = await startServer(options);
    await startWorkflow(dead, 'rollout/again');
    await stopServer(dead);
    const recycled = { ...dead, process: { pid: process.pid, processStart: 'before' } };
    await writeFile(join(options.home, 'server.json'), JSON.stringify(recycled));
    const { record, adopted } = await adoptOrStartServer(options);
    expect(adopted).toBe(false);
    expect(await workflowStatus(record, 'rollout/again')).toBe('RUNNING');
  });

  it('never becomes two on one database, though its record is lost', async () => {
    const options = await aHome();
    const orphan = await startServer(options);
    await startWorkflow(orphan, 'rollout/orphan');
    await rm(join(options.home, 'server.json'));
    const { record } = await adoptOrStartServer(options);
    expect(await isRunning(orphan.process)).toBe(false);
    expect(await workflowStatus(record, 'rollout/orphan')).toBe('RUNNING');
  });

  it('is not adopted when its database file was deleted', async () => {
    const options = await aHome();
    const before = await startServer(options);
    await rm(databasePath(options.home));
    const { adopted } = await adoptOrStartServer(options);
    expect(adopted).toBe(false);
    expect(await isRunning(before.process)).toBe(false);
    expect((await stat(databasePath(options.home))).size).toBeGreaterThan(0);
  });

  it('takes free ports where others hold the ones it wants, and keeps them', async () => {
    const options = await aHome();
    listeners.push((await listen(ports.grpcPort)).server, (await listen(ports.uiPort)).server);
    const { record } = await adoptOrStartServer(options);
    expect(record.grpcPort).not.toBe(ports.grpcPort);
    expect(record.uiPort).not.toBe(ports.uiPort);
    expect((await fetch(record.uiUrl)).status).toBe(200);

    await stopServer(record);
    const { home, searchAttributes: names = {} } = options;
    const again = await adoptOrStartServer({ home, binary, searchAttributes: names });
    expect(again.record).toMatchObject({ grpcPort: record.grpcPort, uiPort: record.uiPort });
  });

  it('is its own where several homes start at once and want the same ports', async () => {
    const several = await Promise.all([aHome(), aHome(), aHome()]);
    const records = await Promise.all(several.map((options) => startServer(options)));
    expect(new Set(records.flatMap(({ grpcPort, uiPort }) => [grpcPort, uiPort])).size).toBe(6);
    // One server would refuse the second of one id.
    for (const record of records) await startWorkflow(record, 'rollout/one-of-each');
    expect(await Promise.all(records.map((record) => isRunning(record.process)))).toEqual([true, true, true]);
  });

  it('is not confused with the server of another home that took its port while it was down', async () => {
    const [mine, other] = [await aHome(), await aHome()];
    const first = await startServer(mine);
    await stopServer(first);
    const thief = await startServer(other);
    expect(thief).toMatchObject(ports);
    const events: ServerEvent[] = [];
    supervise(mine, first, events);
    await until(() => events.find(({ kind }) => kind === 'restartFailed'));
    await stopServer(thief);
    await until(() => events.find(({ kind }) => kind === 'restarted'));
    expect(events.map(({ kind }) => kind).filter((kind) => kind !== 'restartFailed')).toEqual(['died', 'restarted']);
  });

  it('does not let TEMPORAL_* settings for another server reach it', async () => {
    const options = await aHome();
    const env = { ...process.env, TEMPORAL_ADDRESS: 'elsewhere:1', TEMPORAL_PROFILE: 'missing' };
    expect(await startServer({ ...options, env })).toMatchObject(ports);
  });

  it('says in one line that it cannot start, and where to read more', async () => {
    const options = await aHome();
    await writeFile(databasePath(options.home), 'this is no database');
    const error = await startServer(options).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      name: 'TemporalUnavailableError',
      message: expect.stringMatching(
        /^embedded Temporal server: did not start \([^\n]*not a database[^\n]*\); read [^\n]*logs\/temporal\.log$/,
      ),
    });
    const missing = { ...options, binary: { path: join(root, 'none'), version: '1.9.1' } };
    await expect(startServer(missing)).rejects.toThrow(/did not start \(spawn .*ENOENT\)/);
  });
});
