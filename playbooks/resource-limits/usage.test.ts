import { expect, test } from 'vitest';
import { resourceLimits } from './playbook.js';
import { queries, readUsage } from './usage.js';

const series = (container: string, value: string, pod = 'web-1') => ({
  metric: { namespace: 'media', pod, container },
  value: [1_700_000_000, value],
});

/** Answers each query with its series; says which addresses were asked. */
function prometheus(answers: { readonly cpu: readonly unknown[]; readonly memory: readonly unknown[] }) {
  const asked: string[] = [];
  return {
    asked,
    getJson: (address: string) => {
      const url = new URL(address);
      asked.push(`${url.origin}${url.pathname}`);
      const result = url.searchParams.get('query') === queries.cpu ? answers.cpu : answers.memory;
      return Promise.resolve({ status: 'success', data: { resultType: 'vector', result } });
    },
  };
}

test('a container is what both queries say of it, and no CPU where only memory is known', async () => {
  const world = prometheus({
    cpu: [series('app', '0.25'), series('ended', '1')],
    memory: [series('vpn', '1048576'), series('app', '2097152')],
  });
  expect(await readUsage('http://prometheus:9090', world)).toEqual([
    { namespace: 'media', pod: 'web-1', container: 'vpn', cpuCores: 0, memoryBytes: 1_048_576 },
    { namespace: 'media', pod: 'web-1', container: 'app', cpuCores: 0.25, memoryBytes: 2_097_152 },
  ]);
});

test.each([
  ['http://prometheus:9090', 'http://prometheus:9090/api/v1/query'],
  ['https://example.com/prometheus', 'https://example.com/prometheus/api/v1/query'],
  ['https://example.com/prometheus/', 'https://example.com/prometheus/api/v1/query'],
])('%s is asked below its path', async (address, url) => {
  const world = prometheus({ cpu: [], memory: [] });
  await readUsage(address, world);
  expect(world.asked).toEqual([url, url]);
});

test('another program at that address is said to be one', async () => {
  const world = { getJson: () => Promise.resolve({ data: { result: 'grafana' } }) };
  await expect(readUsage('http://grafana', world)).rejects.toThrow(
    'http://grafana: does not answer as Prometheus does; see that parameter prometheus is its address',
  );
});

test('nobody is asked unless the plan says whom', async () => {
  const nobody = { getJson: () => Promise.reject(new Error('asked')) };
  expect(await resourceLimits.lookUp!(resourceLimits.parameters.parse({}), nobody)).toEqual([]);
  const asking = resourceLimits.lookUp!(resourceLimits.parameters.parse({ prometheus: 'http://p' }), nobody);
  await expect(asking).rejects.toThrow('asked');
});
