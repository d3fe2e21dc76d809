import { expect, test } from 'vitest';
import { invalidStrategy } from './invalid-strategy.js';
import { findingsOf } from './testing.js';
import { cluster, release } from './testing-cluster.js';

const workload = (kind: string, strategy: string): Readonly<Record<string, string>> =>
  cluster({
    'apps/a.yaml': `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: a, namespace: default }\nspec:\n  ${strategy}\n`,
  });

test('Recreate beside rollingUpdate', () => {
  const files = workload('Deployment', 'strategy: { type: Recreate, rollingUpdate: { maxSurge: 1 } }');
  expect(findingsOf(invalidStrategy, files)).toEqual([
    {
      at: 'apps/a.yaml:5:31',
      subject: 'Deployment default/a',
      message:
        'has spec.strategy.rollingUpdate beside type: Recreate, a pair that the API server refuses; remove rollingUpdate',
    },
  ]);
});

test.each([
  ['Deployment', 'strategy: { type: Recreate }'],
  ['Deployment', 'strategy: { type: Recreate, rollingUpdate: null }'],
  ['Deployment', 'strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 1 } }'],
  ['DaemonSet', 'updateStrategy: { type: OnDelete, rollingUpdate: { maxSurge: 1 } }'],
])('silent: %s %s', (kind, strategy) => {
  expect(findingsOf(invalidStrategy, workload(kind, strategy))).toEqual([]);
});

const found = (chart: string, version: string, values: string): readonly string[] =>
  findingsOf(invalidStrategy, cluster({ 'apps/release.yaml': release(chart, version, `${values}\n`) })).map(
    ({ at, subject, message }) => `${at} ${subject}: ${message}`,
  );

test('charts in which Recreate alone was refused', () => {
  expect(found('kube-prometheus-stack', '83.5.0', 'grafana: { deploymentStrategy: { type: Recreate } }')).toEqual([
    'apps/release.yaml:17:38 Deployment default/kube-prometheus-stack-grafana: values.grafana.deploymentStrategy.type: Recreate in chart kube-prometheus-stack 83.5.0 leaves the rollingUpdate of the chart beside it, and the API server refuses the pair; add rollingUpdate: null beside type: Recreate, which takes it away',
  ]);
  expect(found('harbor', '1.18.3', 'updateStrategy: { type: Recreate }')[0]).toContain(
    'stay with RollingUpdate, and patch',
  );
  expect(
    found(
      'kube-prometheus-stack',
      '83.5.0',
      'grafana: { deploymentStrategy: { type: Recreate, rollingUpdate: null } }',
    ),
  ).toEqual([]);
  expect(found('kube-prometheus-stack', '72.9.1', 'grafana: { deploymentStrategy: { type: Recreate } }')).toEqual([]);
});
