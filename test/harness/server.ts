/** The real dev server for tests, in a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, Client } from '@temporalio/client';
import { NativeConnection, Runtime, DefaultLogger } from '@temporalio/worker';
import { findTemporalCli } from '../../worker/embedded/find-binary.js';
import { startServer, stopServer } from '../../worker/embedded/server.js';
import { searchAttributeTypes } from '../../workflows/search-attributes.js';

let runtimeInstalled = false;

/** Once for the process: the native core's logs are only noise in a test that kills servers. */
export function quietRuntime(): void {
  if (runtimeInstalled) return;
  runtimeInstalled = true;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' }, forward: {} } },
  });
}

export interface TestServer {
  readonly home: string;
  readonly address: string;
  readonly pid: number;
  readonly client: Client;
  readonly native: NativeConnection;
  stop(): Promise<void>;
}

/** Below those that the system hands out, and not the default: a server that a test kills comes back on its own port. */
function anyPort(): number {
  return 12_000 + Math.floor(Math.random() * 20_000);
}

/** Starts a dev server on free ports. @throws when no server can be had: such a test fails and is never skipped. */
export async function startTestServer(): Promise<TestServer> {
  quietRuntime();
  const home = mkdtempSync(join(tmpdir(), 'joinpoint-server-'));
  const { path, version } = await findTemporalCli({ home });
  const record = await startServer({
    home,
    binary: { path, version },
    searchAttributes: searchAttributeTypes,
    ports: { grpcPort: anyPort(), uiPort: anyPort() },
  });
  const connection = await Connection.connect({ address: record.address });
  const native = await NativeConnection.connect({ address: record.address });
  return {
    home,
    address: record.address,
    pid: record.process.pid,
    client: new Client({ connection, namespace: record.namespace }),
    native,
    stop: async () => {
      await native.close();
      await connection.close();
      await stopServer(record);
      rmSync(home, { recursive: true, force: true });
    },
  };
}
