/** The workers of this process: the engine's, and a lane for each agent, added while they run. */
import { NativeConnection, type Worker } from '@temporalio/worker';
import type { ResolvedConnection } from '../../worker/connection.js';
import { clearHome } from '../../worker/clear-home.js';
import { createWorkers } from '../../worker/create-worker.js';

export interface ServingOptions {
  readonly resolved: ResolvedConnection;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Little: an agent under way is stopped, and begun again by the next worker. */
const graceMs = 1_000;

export class Serving {
  private readonly lanes = new Set<string>();
  private readonly workers: Worker[] = [];
  private readonly runs: Promise<void>[] = [];
  private pending: Promise<unknown> = Promise.resolve();
  private isStopping = false;
  private fail: (error: unknown) => void = () => undefined;
  /** Rejects when a worker ends by itself; otherwise never settles. */
  readonly failed = new Promise<never>((_, reject) => (this.fail = reject));

  private constructor(
    private readonly options: ServingOptions,
    private readonly connection: NativeConnection,
  ) {
    this.failed.catch(() => undefined);
  }

  /** Ends first what a dead worker of this home left; once for a process. */
  static async connect(options: ServingOptions): Promise<Serving> {
    await clearHome(options.home);
    return new Serving(options, await NativeConnection.connect(options.resolved.connectionOptions));
  }

  get agents(): readonly string[] {
    return [...this.lanes];
  }

  /** Begins to poll; agents that are served already are left as they are. Returns those that were added. */
  serve(lanes: { readonly engine: boolean; readonly agents: readonly string[] }): Promise<readonly string[]> {
    const serving = this.pending.then(() => this.add(lanes));
    this.pending = serving.catch(() => undefined);
    return serving;
  }

  /** Stops polling, ends agents under way, and closes; returns when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await this.pending;
    for (const worker of this.workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.all(this.runs);
    await this.connection.close();
  }

  private async add({
    engine,
    agents,
  }: {
    readonly engine: boolean;
    readonly agents: readonly string[];
  }): Promise<readonly string[]> {
    const { resolved, home, env } = this.options;
    const fresh = agents.filter((agent) => !this.lanes.has(agent));
    if (this.isStopping || (!engine && fresh.length === 0)) return [];
    const created = await createWorkers({
      connection: this.connection,
      namespace: resolved.namespace,
      home,
      env,
      engine,
      agents: fresh,
      options: { shutdownGraceTime: graceMs },
    });
    for (const agent of fresh) this.lanes.add(agent);
    for (const worker of created) {
      this.workers.push(worker);
      this.runs.push(worker.run().catch((error: unknown) => this.fail(error)));
    }
    return fresh;
  }
}
