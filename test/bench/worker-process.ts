/** A worker in a process of its own, so that its memory can be told: the product's own workers, their activities short-circuited. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { createWorkers } from '../../worker/create-worker.js';
import { quietRuntime } from '../harness/server.js';
import { stubAnswer } from './stub-activities.js';

export interface WorkOrder {
  readonly address: string;
  /** The workflow bundle to serve. */
  readonly bundlePath: string;
}

/** What a worker has done and needed, told when it is asked to end. */
export interface WorkDone {
  readonly calls: Readonly<Record<string, number>>;
  /** Resident set at the end and at its highest, in bytes. */
  readonly rss: number;
  readonly peakRss: number;
}

process.once('message', (order: WorkOrder) => void serve(order));
process.send?.('warm');

async function serve({ address, bundlePath }: WorkOrder): Promise<void> {
  quietRuntime();
  const home = mkdtempSync(join(tmpdir(), 'joinpoint-bench-'));
  const connection = await NativeConnection.connect({ address });
  const calls: Record<string, number> = {};
  const workers = await createWorkers({
    connection,
    namespace: 'default',
    home,
    env: {},
    engine: true,
    agents: ['A'],
    options: {
      workflowBundle: { codePath: bundlePath },
      interceptors: {
        activity: [
          ({ info: { activityType } }) => ({
            inbound: {
              execute: ({ args }) => {
                calls[activityType] = (calls[activityType] ?? 0) + 1;
                return stubAnswer(activityType, args);
              },
            },
          }),
        ],
      },
    },
  });
  const running = Promise.all(workers.map((worker) => worker.run()));
  process.send?.('serving');
  await new Promise((resolve) => process.once('message', resolve));
  const rss = process.memoryUsage().rss;
  const peakRss = process.resourceUsage().maxRSS * 1024;
  for (const worker of workers) worker.shutdown();
  await running;
  await connection.close();
  rmSync(home, { recursive: true, force: true });
  process.send?.({ calls, rss, peakRss } satisfies WorkDone);
  process.disconnect();
}
