/** A worker process that kills itself, or its server, at the points it is given. Started warm; serves on the message that tells it where. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { type InjectedSinks, NativeConnection } from '@temporalio/worker';
import { quietRuntime } from '../harness/server.js';
import { clearHome } from '../../worker/clear-home.js';
import { createWorkers } from '../../worker/create-worker.js';
import { type KillPoint, pointName } from './kill-points.js';
import type { ChaosSinks } from './workflow-interceptors.js';

export interface ServeOrder {
  readonly address: string;
  readonly home: string;
  /** Workflows with the interceptor that counts their tasks; a worker of lanes only needs none. */
  readonly bundlePath?: string;
  readonly points: readonly KillPoint[];
  /** One line for each call and task that began: counts go on over restarts. */
  readonly journal: string;
  /** Holds the server's process id. */
  readonly serverPidFile: string;
  readonly engine: boolean;
  readonly agents: readonly string[];
}

process.once('message', (order: ServeOrder) => void serve(order));
process.once('disconnect', () => process.exit(0));
process.send?.('warm');

async function serve(order: ServeOrder): Promise<void> {
  quietRuntime();
  const connection = await NativeConnection.connect({ address: order.address });
  const counted = (what: string): number => {
    appendFileSync(order.journal, `${what}\n`);
    return lines(order.journal).filter((line) => line === what).length;
  };
  const fired = (point: KillPoint): boolean => lines(order.journal).includes(`killed ${pointName(point)}`);
  const fire = (point: KillPoint): void => {
    appendFileSync(order.journal, `killed ${pointName(point)}\n`);
    if (point.kind === 'worker') process.kill(process.pid, 'SIGKILL');
    else process.kill(Number(readFileSync(order.serverPidFile, 'utf8')), 'SIGKILL');
  };
  await clearHome(order.home);
  const workers = await createWorkers({
    connection,
    namespace: 'default',
    home: order.home,
    env: process.env,
    engine: order.engine,
    agents: order.agents,
    options: {
      ...(order.bundlePath && { workflowBundle: { codePath: order.bundlePath } }),
      stickyQueueScheduleToStartTimeout: '1s',
      interceptors: {
        activity: [
          (context) => ({
            inbound: {
              async execute(input, next) {
                const { activityType, attempt } = context.info;
                const killAt = (when: 'before' | 'after'): void => {
                  // A busy machine may try again what nobody killed; another run of it need not.
                  if (order.points.length === 0 && attempt > 1) return;
                  const nth = counted(`${activityType} ${when}`);
                  const point = order.points.find(
                    (one) =>
                      one.kind === 'worker' &&
                      one.activity === activityType &&
                      one.when === when &&
                      one.nth <= nth &&
                      !fired(one),
                  );
                  if (point) fire(point);
                };
                killAt('before');
                const result = await next(input);
                killAt('after');
                return result;
              },
            },
          }),
        ],
      },
      sinks: {
        chaos: {
          workflowTask: {
            fn({ workflowType }) {
              const nth = counted(`task ${workflowType}`);
              const point = order.points.find(
                (one) => one.kind === 'server' && one.workflow === workflowType && one.nth <= nth && !fired(one),
              );
              if (point) fire(point);
            },
          },
        },
      } satisfies InjectedSinks<ChaosSinks>,
    },
  });
  await Promise.all(workers.map((worker) => worker.run()));
}

function lines(path: string): readonly string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
}
