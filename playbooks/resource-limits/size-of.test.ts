import { describe, expect, test } from 'vitest';
import { Parameters as ResourceParameters } from './parameters.js';
import { type ContainerUse, sizeOf } from './size-of.js';

const certManager = {
  chart: { name: 'cert-manager' },
  releaseName: 'cert-manager',
  targetNamespace: 'cert-manager',
} as never;
const keys = ['resources', 'webhook.resources', 'cainjector.resources', 'made.up.resources'];

const use = (pod: string, more: Partial<ContainerUse> = {}): ContainerUse => ({
  namespace: 'cert-manager',
  pod,
  container: 'any',
  cpuCores: 0.001,
  memoryBytes: 10 * 2 ** 20,
  ...more,
});
const sized = (key: string, usage: readonly ContainerUse[] = [], given: unknown = {}) =>
  sizeOf(certManager, key, keys, ResourceParameters.parse(given), usage);

describe('where a size comes from', () => {
  const planned = { charts: { 'cert-manager': { 'webhook.resources': ['1m', '2Mi', '3Mi'] } } };

  test('the table, and the default for a key without a number', () => {
    expect(sized('webhook.resources')).toEqual({ size: ['10m', '32Mi', '64Mi'], source: 'table' });
    expect(sized('made.up.resources')).toEqual({ size: ['10m', '64Mi', '256Mi'], source: 'default' });
  });

  test('the chart itself, where it has a limit and no table has a number: nothing is lowered that nobody measured', () => {
    const operator = { chart: { name: 'flux-operator' }, releaseName: 'flux-operator', targetNamespace: 'flux-system' };
    expect(sizeOf(operator as never, 'resources', ['resources'], ResourceParameters.parse({}), [])).toEqual({
      size: ['100m', '64Mi', '1Gi'],
      source: 'chart',
    });
  });

  test('the plan goes before the table, what was measured before both', () => {
    expect(sized('webhook.resources', [], planned)).toEqual({ size: ['1m', '2Mi', '3Mi'], source: 'plan' });
    expect(sized('webhook.resources', [use('cert-manager-webhook-7d4-x')], planned).source).toBe('measured');
    expect(sized('resources', [use('cert-manager-webhook-7d4-x')], planned).source).toBe('table');
  });
});

describe('measured', () => {
  test('the highest of all Pods, rounded up: CPU by 10m, memory by 32Mi, half as much again by 64Mi', () => {
    const usage = [
      use('cert-manager-webhook-a', { cpuCores: 0.0421, memoryBytes: 90 * 2 ** 20 }),
      use('cert-manager-webhook-b', { cpuCores: 0.003, memoryBytes: 130 * 2 ** 20 }),
    ];
    expect(sized('webhook.resources', usage).size).toEqual(['50m', '160Mi', '256Mi']);
    expect(sized('webhook.resources', [use('cert-manager-webhook-a', { cpuCores: 0, memoryBytes: 0 })]).size).toEqual([
      '10m',
      '32Mi',
      '64Mi',
    ]);
  });

  test('a Pod is of the component that it is called by, and of the chart itself without one', () => {
    const usage = [use('cert-manager-webhook-a', { cpuCores: 0.5 }), use('cert-manager-5f6-b', { cpuCores: 0.2 })];
    expect(sized('webhook.resources', usage).size[0]).toBe('500m');
    expect(sized('resources', usage).size[0]).toBe('200m');
    expect(sized('cainjector.resources', usage).source).toBe('table');
  });

  test('only Pods of the release, in its namespace', () => {
    const usage = [
      use('cert-manager-webhook-a', { namespace: 'default' }),
      use('cert-managers-webhook-a'),
      use('other-webhook-a'),
    ];
    expect(sized('webhook.resources', usage).source).toBe('table');
  });

  test('Pods that an operator names before the release, and components in camelCase', () => {
    const release = (name: string) =>
      ({ chart: { name }, releaseName: name, targetNamespace: 'cert-manager' }) as never;
    const measured = (name: string, key: string, all: readonly string[], pods: readonly string[]) => {
      const usage = pods.map((pod, index) => use(pod, { cpuCores: (index + 1) / 10 }));
      const { size, source } = sizeOf(release(name), key, all, ResourceParameters.parse({}), usage);
      return source === 'measured' ? size[0] : source;
    };
    const stack = ['prometheus.prometheusSpec.resources', 'prometheus-node-exporter.resources', 'grafana.resources'];
    const pods = ['prometheus-kube-prometheus-stack-prometheus-0', 'kube-prometheus-stack-prometheus-node-exporter-x'];
    expect(measured('kube-prometheus-stack', stack[0]!, stack, pods)).toBe('100m');
    expect(measured('kube-prometheus-stack', stack[1]!, stack, pods)).toBe('200m');
    expect(measured('kube-prometheus-stack', stack[2]!, stack, pods)).toBe('table');
    const secrets = ['resources', 'certController.resources'];
    const controller = ['external-secrets-cert-controller-a', 'external-secrets-b'];
    expect(measured('external-secrets', secrets[1]!, secrets, controller)).toBe('100m');
    expect(measured('external-secrets', secrets[0]!, secrets, controller)).toBe('200m');
    // Called as its chart is.
    const alloy = ['alloy.resources', 'configReloader.resources'];
    expect(measured('alloy', alloy[0]!, alloy, ['alloy-x'])).toBe('100m');
  });

  test('of app-template each container by its name, in the Pods of its controller', () => {
    const web = { chart: { name: 'app-template' }, releaseName: 'web', targetNamespace: 'cert-manager' } as never;
    const of = (key: string, all: readonly string[], usage: readonly ContainerUse[]) => {
      const { size, source } = sizeOf(web, key, all, ResourceParameters.parse({}), usage);
      return source === 'measured' ? size[0] : source;
    };
    const app = 'controllers.main.containers.app.resources';
    const sidecar = 'controllers.main.containers.vpn.resources';
    const database = 'controllers.database.containers.app.resources';
    const pods = [
      use('web-6c-x', { container: 'app', cpuCores: 0.1 }),
      use('web-6c-x', { container: 'vpn', cpuCores: 0.2 }),
    ];
    expect([of(app, [app, sidecar], pods), of(sidecar, [app, sidecar], pods)]).toEqual(['100m', '200m']);
    const two = [
      use('web-main-6c-x', { container: 'app', cpuCores: 0.1 }),
      use('web-database-0', { container: 'app', cpuCores: 0.4 }),
    ];
    expect([of(app, [app, database], two), of(database, [app, database], two)]).toEqual(['100m', '400m']);
  });
});
