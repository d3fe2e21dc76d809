import { describe, expect, test } from 'vitest';
import { cluster, release } from '../../gitops/rules/testing-cluster.js';
import { carriedOut } from '../testing.js';
import { resourceLimits } from './playbook.js';

const fromPlan = (charts: unknown) => ({ charts });

/** What the file of a release of this chart and these values loses and gets. */
function changed(chart: string, values: string, given: unknown = {}, usage: readonly unknown[] = []) {
  const files = cluster({ 'apps/release.yaml': release(chart, '4.0.1', values) });
  const { changes, notes, files: after } = carriedOut(resourceLimits, files, given, usage);
  return { lines: (changes['apps/release.yaml'] ?? []).map((line) => line.replace(/^(.)    /, '$1')), notes, after };
}

test('where the chart reads them, each part that is missing, and nothing of what is set', () => {
  const { lines, notes } = changed('cert-manager', 'resources: { requests: { cpu: 1m } }\nwebhook: { replicas: 2 }\n');
  expect(notes).toEqual([]);
  expect(lines).toEqual([
    '-resources: { requests: { cpu: 1m } }',
    '-webhook: { replicas: 2 }',
    '+resources: { requests: { cpu: 1m, memory: 32Mi }, limits: { memory: 128Mi } }',
    '+webhook: { replicas: 2, resources: { requests: { cpu: 10m, memory: 32Mi }, limits: { memory: 64Mi } } }',
    ...['cainjector', 'startupapicheck'].flatMap((name) => [
      `+${name}:`,
      '+  resources:',
      '+    requests:',
      '+      cpu: 10m',
      `+      memory: ${name === 'cainjector' ? '64Mi' : '32Mi'}`,
      '+    limits:',
      `+      memory: ${name === 'cainjector' ? '128Mi' : '64Mi'}`,
    ]),
  ]);
});

test('a component that the values switch off has none', () => {
  const { lines } = changed('cert-manager', 'cainjector: { enabled: false }\n');
  expect(lines.filter((line) => /cainjector|webhook/.test(line))).toEqual(['+webhook:']);
});

describe('app-template', () => {
  const values = (app: string, more = '') =>
    `controllers:\n  main:\n    containers:\n      app: ${app}\n      vpn: { image: {} }\n${more}`;

  test('each container, and a GPU stays', () => {
    const { lines } = changed('app-template', values('{ resources: { limits: { gpu.intel.com/i915: 1 } } }'));
    expect(lines).toEqual([
      '-      app: { resources: { limits: { gpu.intel.com/i915: 1 } } }',
      '-      vpn: { image: {} }',
      '+      app: { resources: { limits: { gpu.intel.com/i915: 1, memory: 256Mi }, requests: { cpu: 10m, memory: 64Mi } } }',
      '+      vpn: { image: {}, resources: { requests: { cpu: 10m, memory: 64Mi }, limits: { memory: 256Mi } } }',
    ]);
  });

  test('those that the default of their controller covers need none, and the default is completed', () => {
    const covered = (resources: string) =>
      changed('app-template', values('{}', `    defaultContainerOptions: { resources: ${resources} }\n`)).lines;
    expect(covered('{ requests: { cpu: 1m, memory: 1Mi }, limits: { memory: 2Mi } }')).toEqual([]);
    expect(covered('{ requests: { cpu: 1m } }')).toEqual([
      '-    defaultContainerOptions: { resources: { requests: { cpu: 1m } } }',
      '+    defaultContainerOptions: { resources: { requests: { cpu: 1m, memory: 64Mi }, limits: { memory: 256Mi } } }',
    ]);
  });

  test('resources of the whole Pod are enough', () => {
    const whole = 'defaultPodOptions: { resources: { requests: { cpu: 1m, memory: 1Mi }, limits: { memory: 2Mi } } }\n';
    expect(changed('app-template', values('{}', whole)).lines).toEqual([]);
  });
});

describe('a chart that is not known', () => {
  test('is left, and the note says how to name its keys', () => {
    const { lines, notes, after } = changed('airflow', 'a: 1\n');
    expect(lines).toEqual([]);
    expect(notes).toEqual([
      'HelmRelease default/airflow: where chart airflow reads resources is not known here; name the keys in parameter charts',
    ]);
    expect(after['docs/resources/analysis.md']).toContain(`- ${notes[0]}`);
  });

  test('has the keys and sizes that the plan names', () => {
    const { lines, notes } = changed(
      'airflow',
      'a: 1\n',
      fromPlan({ airflow: { 'web.resources': ['1m', '2Mi', '3Mi'] } }),
    );
    expect(notes).toEqual([]);
    expect(lines).toEqual([
      '+web:',
      '+  resources:',
      '+    requests:',
      '+      cpu: 1m',
      '+      memory: 2Mi',
      '+    limits:',
      '+      memory: 3Mi',
    ]);
  });
});

test('the plan adds keys to those of a chart that is known, and its sizes go before the table', () => {
  const plan = fromPlan({
    reloader: { 'more.resources': ['1m', '2Mi', '3Mi'], 'reloader.deployment.resources': ['4m', '5Mi', '6Mi'] },
  });
  const { lines } = changed('reloader', 'a: 1\n', plan);
  expect(lines.filter((line) => /cpu/.test(line)).map((line) => line.trim().slice(-2))).toEqual(['4m', '1m']);
});

test('what was measured goes before all, at its own key alone', () => {
  const use = {
    namespace: 'default',
    pod: 'reloader-6c-x',
    container: 'reloader',
    cpuCores: 0.5,
    memoryBytes: 2 ** 30,
  };
  const { lines, after } = changed('reloader', 'a: 1\n', {}, [use]);
  expect(lines.filter((line) => /cpu|memory/.test(line)).map((line) => line.replace('+', '').trim())).toEqual([
    'cpu: 500m',
    'memory: 1024Mi',
    'memory: 1536Mi',
  ]);
  expect(after['docs/resources/analysis.md']).toContain('500m | 1024Mi | 1536Mi | measured |');
});

test('values that the files do not show are no values to complete', () => {
  const hidden = release('reloader', '4.0.1', 'a: 1\n').replace(
    '  interval',
    '  valuesFrom: [{ kind: Secret, name: values }]\n  interval',
  );
  const secret =
    'apiVersion: v1\nkind: Secret\nmetadata: { name: values, namespace: default }\ndata: { values.yaml: ENC }\nsops: { mac: x }\n';
  const { changes, notes } = carriedOut(resourceLimits, cluster({ 'apps/a.yaml': hidden, 'apps/secret.yaml': secret }));
  expect(Object.keys(changes)).not.toContain('apps/a.yaml');
  expect(notes).toEqual([
    'HelmRelease default/reloader: takes values from a Secret or from outside, so what it has cannot be told',
  ]);
});

test('resources at a key that the chart does not read are left, and said to have no effect', () => {
  const { lines, notes } = changed('spegel', 'spegel: { resources: { requests: { cpu: 1m } } }\n');
  expect(notes).toEqual([
    expect.stringMatching(/^HelmRelease default\/spegel: values\.spegel\.resources has no effect:/),
  ]);
  expect(lines.filter((line) => line.startsWith('-'))).toEqual([]);
});
