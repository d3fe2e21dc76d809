/** One measured run: a fresh worker process, a program from its start to its end, and the histories that it leaves. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import type { WorkDone, WorkOrder } from './worker-process.js';

const workerScript = fileURLToPath(new URL('./worker-process.ts', import.meta.url));

export interface Measured extends WorkDone {
  readonly tookMs: number;
}

/** Runs `program` on a worker of its own; the worker's start is not part of the time. */
export async function measure(order: WorkOrder, program: () => Promise<void>): Promise<Measured> {
  const worker = fork(workerScript, { execArgv: ['--import', 'tsx'] });
  try {
    await message(worker);
    worker.send(order);
    await message(worker);
    const startedAt = performance.now();
    await program();
    const tookMs = performance.now() - startedAt;
    worker.send('end');
    return { tookMs, ...((await message(worker)) as WorkDone) };
  } finally {
    worker.kill('SIGKILL');
  }
}

/** @throws Error when the worker ends instead of answering. */
async function message(worker: ChildProcess): Promise<unknown> {
  const [said] = (await Promise.race([
    once(worker, 'message'),
    once(worker, 'exit').then(([code]) => {
      throw new Error(`the bench's worker ended with code ${code}; its own output says why`);
    }),
  ])) as [unknown];
  return said;
}

export interface HistorySize {
  readonly workflowType: string;
  readonly events: number;
  readonly bytes: number;
}

/** Every run of the workflows whose ids begin with `prefix`; waits until the server lists `runs` closed ones. */
export async function historySizes(client: Client, prefix: string): Promise<readonly HistorySize[]> {
  const query = `WorkflowId STARTS_WITH '${prefix}'`;
  for (;;) {
    const sizes: HistorySize[] = [];
    let open = 0;
    for await (const { type, status, historyLength, historySize } of client.workflow.list({ query })) {
      if (status.name === 'RUNNING') open++;
      sizes.push({ workflowType: type, events: historyLength, bytes: historySize ?? 0 });
    }
    // The list lags a little behind the runs themselves.
    if (open === 0) return sizes;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
