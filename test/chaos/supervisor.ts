/** Keeps a server and worker processes alive while tests kill them, with a warm worker ready for the next death. */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflows } from '../../worker/bundle.js';
import { findTemporalCli } from '../../worker/embedded/find-binary.js';
import { startServer } from '../../worker/embedded/server.js';
import { type SupervisedServer, superviseServer } from '../../worker/embedded/supervise-server.js';
import { searchAttributeTypes } from '../../workflows/search-attributes.js';
import type { KillPoint } from './kill-points.js';
import { spawnWarm } from './spawn-worker.js';
import type { ServeOrder } from './worker-process.js';

const interceptors = fileURLToPath(new URL('./workflow-interceptors.ts', import.meta.url));

export class Supervisor {
  private warm: ChildProcess | undefined;
  private serving: ChildProcess | undefined;
  private stopping = false;
  deaths = 0;

  private constructor(
    private readonly dir: string,
    private readonly server: SupervisedServer,
    readonly client: Client,
    private readonly order: Omit<ServeOrder, 'points' | 'home'>,
    private points: readonly KillPoint[],
    private home: string,
  ) {}

  static async start(options: { readonly agents?: readonly string[] } = {}): Promise<Supervisor> {
    const dir = mkdtempSync(join(tmpdir(), 'joinpoint-chaos-'));
    const binary = await findTemporalCli({ home: dir });
    const serverOptions = { home: dir, binary, searchAttributes: searchAttributeTypes };
    const record = await startServer(serverOptions);
    const serverPidFile = join(dir, 'server.pid');
    writeFileSync(serverPidFile, String(record.process.pid));
    const server = superviseServer(serverOptions, record, (event) => {
      if (event.kind === 'restarted') writeFileSync(serverPidFile, String(event.record.process.pid));
    });
    const bundlePath = join(dir, 'bundle.js');
    writeFileSync(bundlePath, await bundleWorkflows([interceptors]));
    const client = new Client({ connection: await Connection.connect({ address: record.address }) });
    const order = {
      address: record.address,
      bundlePath,
      journal: join(dir, 'journal'),
      serverPidFile,
      engine: true,
      agents: options.agents ?? ['A', 'B', 'P'],
    };
    const supervisor = new Supervisor(dir, server, client, order, [], join(dir, 'home-1'));
    supervisor.warm = spawnWarm();
    return supervisor;
  }

  get workerPid(): number | undefined {
    return this.serving?.pid;
  }

  get workerHome(): string {
    return this.home;
  }

  /** Serves with these kill points, from this home; replaces what serves now. */
  serve(points: readonly KillPoint[], home = this.home): void {
    this.points = points;
    this.home = home;
    if (this.serving) this.serving.kill('SIGKILL');
    else this.next();
  }

  /** Counts of what the workers did since the journal was cleared: `runChecks before`, `task land`. */
  counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const line of this.journal()) counts.set(line, (counts.get(line) ?? 0) + 1);
    return counts;
  }

  /** The kill points that were reached, by name, in order. */
  killed(): readonly string[] {
    return this.journal()
      .filter((line) => line.startsWith('killed '))
      .map((line) => line.slice('killed '.length));
  }

  /** Forgets what was counted: each run of a sweep counts its own calls. */
  clearJournal(): void {
    writeFileSync(this.order.journal, '');
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.serving?.kill('SIGKILL');
    this.warm?.kill('SIGKILL');
    await this.client.connection.close();
    await this.server.stop();
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Removes a home as a lost disk would. */
  loseHome(home: string): void {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }

  freshHome(): string {
    return mkdtempSync(join(this.dir, 'home-'));
  }

  private journal(): readonly string[] {
    return readFileSync(this.order.journal, { encoding: 'utf8', flag: 'a+' }).split('\n');
  }

  private next(): void {
    const child = this.warm!;
    this.serving = child;
    this.warm = spawnWarm();
    child.once('exit', () => {
      this.deaths++;
      if (!this.stopping) this.next();
    });
    child.send({ ...this.order, points: this.points, home: this.home } satisfies ServeOrder);
  }
}
