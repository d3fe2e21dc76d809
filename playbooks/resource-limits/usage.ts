/** What workloads really use: a week of Prometheus, asked once, and sizes made of it. */
import { z } from 'zod';
import type { ContainerUse } from './size-of.js';
import type { World } from '../playbook.js';

/** The quantile and the window are those of the facts that the plan's owner reviews by. */
export const queries = {
  cpu: 'quantile_over_time(0.95, sum by (namespace, pod, container) (rate(container_cpu_usage_seconds_total{container!="",image!=""}[5m]))[7d:5m])',
  memory:
    'max by (namespace, pod, container) (max_over_time(container_memory_working_set_bytes{container!="",image!=""}[7d]))',
} as const;

const Answer = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.object({ namespace: z.string(), pod: z.string(), container: z.string() }),
        value: z.tuple([z.number(), z.string()]),
      }),
    ),
  }),
});

/** @throws Error when Prometheus does not answer as it should. */
export async function readUsage(prometheus: string, world: World): Promise<readonly ContainerUse[]> {
  const [cpu, memory] = await Promise.all([
    ask(prometheus, queries.cpu, world),
    ask(prometheus, queries.memory, world),
  ]);
  return [...memory].flatMap(([key, memoryBytes]) => {
    const [namespace = '', pod = '', container = ''] = key.split('\n');
    return [{ namespace, pod, container, cpuCores: cpu.get(key) ?? 0, memoryBytes }];
  });
}

async function ask(prometheus: string, query: string, world: World): Promise<ReadonlyMap<string, number>> {
  const url = new URL(
    `api/v1/query?query=${encodeURIComponent(query)}`,
    prometheus.endsWith('/') ? prometheus : `${prometheus}/`,
  );
  const answer = Answer.safeParse(await world.getJson(url.href));
  if (!answer.success)
    throw new Error(`${prometheus}: does not answer as Prometheus does; see that parameter prometheus is its address`);
  return new Map(
    answer.data.data.result.map(({ metric, value }) => [
      [metric.namespace, metric.pod, metric.container].join('\n'),
      Number(value[1]),
    ]),
  );
}
