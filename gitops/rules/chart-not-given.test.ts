import { expect, test } from 'vitest';
import { chartNotGiven } from './chart-not-given.js';
import { findingsOf } from './testing.js';
import { cluster } from './testing-cluster.js';

const chart = '  chart: { spec: { chart: grafana, sourceRef: { kind: HelmRepository, name: charts } } }\n';
const chartRef = '  chartRef: { kind: OCIRepository, name: grafana }\n';
const release = (spec: string, version = 'v2', annotations = '{}'): string =>
  `apiVersion: helm.toolkit.fluxcd.io/${version}\nkind: HelmRelease\nmetadata: { name: grafana, namespace: default, annotations: ${annotations} }\nspec:\n  interval: 1h\n${spec}`;

test('both', () => {
  expect(findingsOf(chartNotGiven, cluster({ 'apps/a.yaml': release(chart + chartRef) }))).toEqual([
    {
      at: 'apps/a.yaml:7:3',
      subject: 'HelmRelease default/grafana',
      message:
        'has spec.chart and spec.chartRef, of which it may have one: the API server refuses it, and Flux then applies nothing of the Kustomization; remove the one that is not meant',
    },
  ]);
});

test.each(['v2', 'v2beta2', 'v2beta1'])('neither, in %s', (version) => {
  expect(findingsOf(chartNotGiven, cluster({ 'apps/a.yaml': release('  chart:\n', version) }))).toEqual([
    {
      at: 'apps/a.yaml:4:1',
      subject: 'HelmRelease default/grafana',
      message:
        'has neither spec.chart nor spec.chartRef: the API server refuses it, and Flux then applies nothing of the Kustomization; name its chart in one of them',
    },
  ]);
});

test('a patch that adds the second, for two applications of one release: once', () => {
  const files = cluster({
    'apps/kustomization.yaml': 'resources: [one, two]\n',
    'apps/one/kustomization.yaml': 'namespace: one\nresources: [../../base]\n',
    'apps/two/kustomization.yaml': 'namespace: two\nresources: [../../base]\n',
    'base/kustomization.yaml': 'resources: [a.yaml]\npatches: [{ path: patch.yaml }]\n',
    'base/a.yaml': release(chart),
    'base/patch.yaml': release(chartRef),
  });
  expect(findingsOf(chartNotGiven, files).map(({ at, subject }) => `${at} ${subject}`)).toEqual([
    'base/patch.yaml:6:3 HelmRelease grafana (in namespaces one and two)',
  ]);
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['spec.chart', { 'apps/a.yaml': release(chart) }],
  ['spec.chartRef', { 'apps/a.yaml': release(chartRef) }],
  [
    'a patch',
    {
      'apps/kustomization.yaml': 'resources: [a.yaml]\npatches: [{ path: patch.yaml }]\n',
      'apps/a.yaml': release(chart),
      'apps/patch.yaml': release('  timeout: 5m\n'),
    },
  ],
  [
    'one that a patch completes',
    {
      'apps/kustomization.yaml': 'resources: [a.yaml]\npatches: [{ path: patch.yaml }]\n',
      'apps/a.yaml': release(''),
      'apps/patch.yaml': release(chart),
    },
  ],
  [
    'one that a component of another repository may complete',
    {
      'apps/kustomization.yaml':
        'resources: [a.yaml]\ncomponents: ["https://github.com/example/parts//chart?ref=v1"]\n',
      'apps/a.yaml': release(''),
    },
  ],
  ['both, in a version that may not know the second', { 'apps/a.yaml': release(chart + chartRef, 'v2beta2') }],
  [
    'fields for a release of somebody else',
    { 'apps/a.yaml': release('', 'v2', '{ kustomize.toolkit.fluxcd.io/ssa: Merge }') },
  ],
  ['one that nothing applies', { 'elsewhere/a.yaml': release('') }],
])('silent: %s', (_, files) => {
  expect(
    findingsOf(
      chartNotGiven,
      cluster({
        'apps/kept.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: kept, namespace: default }\n',
        ...files,
      }),
    ),
  ).toEqual([]);
});
