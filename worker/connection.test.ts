/** Which server is talked to, by precedence, and what is said when none answers. */
import { createServer, type Socket } from 'node:net';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, resolveConnection, retentionWarning, type ConnectionRequest } from './connection.js';
import { acquireLock } from './embedded/lock.js';
import { identifyProcess, type ProcessIdentity } from '../activities/process/process-identity.js';
import { writeServerRecord } from './embedded/server-record.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'joinpoint-connection-'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

const dead: ProcessIdentity = { pid: process.pid, processStart: 'long ago' };
const address = '127.0.0.1:41000';

async function aServer(process_?: ProcessIdentity): Promise<void> {
  const self = await identifyProcess(process.pid);
  await writeServerRecord(home, {
    process: process_ ?? self ?? dead,
    startedAt: '2026-01-01T00:00:00.000Z',
    grpcPort: 41000,
    uiPort: 41001,
    address,
    uiUrl: 'http://127.0.0.1:41001',
    namespace: 'default',
    version: '1.9.1',
  });
}

async function aProfile(toml: string): Promise<string> {
  const path = join(home, 'config', 'temporal.toml');
  await mkdir(join(home, 'config'), { recursive: true });
  await writeFile(path, toml);
  return path;
}

function resolve(request: Partial<ConnectionRequest> = {}) {
  return resolveConnection({ home, homeIsExplicit: false, env: {}, ...request });
}

describe('resolveConnection', () => {
  it('puts --address before everything', async () => {
    await aServer();
    const env = {
      TEMPORAL_ADDRESS: 'env:7233',
      TEMPORAL_NAMESPACE: 'ours',
      TEMPORAL_API_KEY: 'key',
    };
    expect(await resolve({ address: 'flag:7233', homeIsExplicit: true, env })).toEqual({
      address: 'flag:7233',
      namespace: 'ours',
      connectionOptions: { address: 'flag:7233', apiKey: 'key', tls: true },
      source: 'flag',
    });
  });

  it('puts the running server of an explicit home before the environment', async () => {
    await aServer();
    const env = { TEMPORAL_ADDRESS: 'env:7233', TEMPORAL_NAMESPACE: 'ours' };
    expect(await resolve({ homeIsExplicit: true, env })).toEqual({
      address,
      namespace: 'default',
      connectionOptions: { address },
      source: 'home',
      uiUrl: 'http://127.0.0.1:41001',
    });
  });

  it('puts the environment before the running server of a home that nobody named', async () => {
    await aServer();
    const env = { TEMPORAL_ADDRESS: 'env:7233' };
    expect(await resolve({ env })).toMatchObject({ address: 'env:7233', source: 'environment' });
  });

  it('puts the environment before an explicit home whose server is gone', async () => {
    await aServer(dead);
    const env = { TEMPORAL_ADDRESS: 'env:7233' };
    expect(await resolve({ homeIsExplicit: true, env })).toMatchObject({ source: 'environment' });
  });

  it('reads a profile of temporal.toml, and lets the environment override its parts', async () => {
    const TEMPORAL_CONFIG_FILE = await aProfile(
      '[profile.default]\naddress = "default:7233"\n[profile.cloud]\naddress = "cloud:7233"\nnamespace = "n"\napi_key = "k"\n',
    );
    expect(await resolve({ env: { TEMPORAL_CONFIG_FILE } })).toMatchObject({
      address: 'default:7233',
      namespace: 'default',
      source: 'profile',
    });
    const env = { TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE: 'cloud', TEMPORAL_NAMESPACE: 'other' };
    expect(await resolve({ env })).toEqual({
      address: 'cloud:7233',
      namespace: 'other',
      connectionOptions: { address: 'cloud:7233', apiKey: 'k', tls: true },
      source: 'profile',
    });
  });

  it("takes Temporal's default address for a profile that was asked for and has none", async () => {
    const TEMPORAL_CONFIG_FILE = await aProfile('[profile.local]\nnamespace = "n"\n');
    const env = { TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE: 'local' };
    expect(await resolve({ env })).toMatchObject({ address: 'localhost:7233', source: 'profile' });
  });

  it('falls back to the running server of the home', async () => {
    await aServer();
    expect(await resolve({ env: { TEMPORAL_NAMESPACE: 'ours', TEMPORAL_ADDRESS: '' } })).toMatchObject({
      address,
      namespace: 'default',
      source: 'default',
    });
  });

  it('keeps the address of a server that a living `up` is about to restart', async () => {
    await aServer(dead);
    const lock = await acquireLock(home);
    expect(await resolve()).toMatchObject({ address, source: 'default' });
    if (lock.held) await lock.release();
    await expect(resolve()).rejects.toThrow('no server runs');
  });

  it('says in one line that no server is known and how to start one', async () => {
    await expect(resolve()).rejects.toThrow(
      `Temporal: no server runs for ${home} and no TEMPORAL_ADDRESS or profile names one; start one with: joinpoint up`,
    );
  });

  it.each([
    ['a file that is no TOML', 'nonsense[[', {}],
    ['a profile that does not exist', '', { TEMPORAL_PROFILE: 'missing' }],
  ])('says in one line what is wrong with %s', async (_, toml, more) => {
    const TEMPORAL_CONFIG_FILE = await aProfile(toml);
    await expect(resolve({ env: { TEMPORAL_CONFIG_FILE, ...more } })).rejects.toThrow(
      /^Temporal configuration: cannot be read \([^\n]+\); correct temporal\.toml or TEMPORAL_PROFILE$/,
    );
  });
});

describe('connect', () => {
  it.each(['refuses', 'is silent'])('fails in time with one line when the address %s', async (kind) => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const bound = server.address();
    const target = `127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}`;
    if (kind === 'refuses') await new Promise((done) => server.close(done));

    const startedAt = Date.now();
    await expect(connect(await resolve({ address: target }), 500)).rejects.toThrow(
      new RegExp(`^Temporal at ${target}: no answer within 0\\.5 s \\([^\\n]+\\); check --address$`),
    );
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    for (const socket of sockets) socket.destroy();
    server.close();
  });
});

describe('retentionWarning', () => {
  const dayMs = 86_400_000;
  it('is silent from 30 days on', () => {
    expect(retentionWarning(30 * dayMs)).toBeUndefined();
    expect(retentionWarning(365 * dayMs)).toBeUndefined();
  });

  it.each([
    [dayMs, '24 h'],
    [7 * dayMs, '7 days'],
    [30 * dayMs - 1, 'less than 30 days'],
  ])('warns for %i ms', (retentionMs, said) => {
    expect(retentionWarning(retentionMs)).toContain(said);
  });
});
