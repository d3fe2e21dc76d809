/** The composition root: a worker of the engine's queue or of agents' lanes, with its activities and workflows. */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { createActivities, createLaneActivities } from '../activities/index.js';
import type { ActivityDeps } from '../activities/deps.js';
import { agentQueue, engineQueue } from '../workflows/ids.js';
import { bundlePath, bundleWorkflows } from './bundle.js';

export interface WorkerSpec extends ActivityDeps {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** Serve the engine's queue: workflows, git, checks. */
  readonly engine: boolean;
  /** Serve these agents' lanes. */
  readonly agents: readonly string[];
  /** Options that tests set, over those given here. */
  readonly options?: Partial<WorkerOptions>;
}

/** More would only queue on the cores that checks and agents need. */
const activitiesAtOnce = 8;

/** One Temporal worker for each queue; run them all. A process that has none yet does `clearHome` first. */
export async function createWorkers(spec: WorkerSpec): Promise<readonly Worker[]> {
  const { connection, namespace, home, env } = spec;
  const common = { connection, namespace, identity: `joinpoint ${process.pid}@${hostname()}`, ...spec.options };
  const lanes = await Promise.all(
    spec.agents.map((agent) =>
      Worker.create({
        ...common,
        taskQueue: agentQueue(agent),
        activities: createLaneActivities({ home, env }),
        maxConcurrentActivityTaskExecutions: activitiesAtOnce,
      }),
    ),
  );
  if (!spec.engine) return lanes;
  const engineWorker = await Worker.create({
    ...(existsSync(bundlePath)
      ? { workflowBundle: { codePath: bundlePath } }
      : { workflowBundle: { code: await bundleWorkflows() } }),
    ...common,
    taskQueue: engineQueue,
    activities: createActivities({ home, env }),
    maxConcurrentActivityTaskExecutions: activitiesAtOnce,
  });
  return [engineWorker, ...lanes];
}
