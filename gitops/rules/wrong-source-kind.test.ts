import { expect, test } from 'vitest';
import { findingsOf } from './testing.js';
import { cluster, kustomization, release } from './testing-cluster.js';
import { wrongSourceKind } from './wrong-source-kind.js';

const source = (kind: string, spec: string) =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: ${kind}\nmetadata: { name: charts, namespace: flux-system }\nspec: ${spec}\n`;
const grafana = release('grafana', '1.0.0', 'a: 1\n');
const chartRef = (kind: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: grafana, namespace: flux-system }\nspec:\n  interval: 1h\n  chartRef:\n    kind: ${kind}\n    name: charts\n`;

test('a registry is taken by chartRef', () => {
  const files = cluster({
    'apps/grafana.yaml': grafana.replace('kind: HelmRepository', 'kind: OCIRepository'),
    'apps/charts.yaml': source('OCIRepository', '{ url: oci://example.com/charts, ref: { tag: 1.0.0 } }'),
  });
  expect(findingsOf(wrongSourceKind, files)).toEqual([
    {
      at: 'apps/grafana.yaml:13:9',
      subject: 'HelmRelease default/grafana',
      message:
        'spec.chart.spec.sourceRef names a source of kind OCIRepository, which Flux refuses there; take spec.chartRef for it, instead of spec.chart',
    },
  ]);
});

test.each([
  [
    'HelmRepository by chartRef',
    chartRef('HelmRepository'),
    source('HelmRepository', '{ url: https://a.example }'),
    'take spec.chart.spec.sourceRef for it',
  ],
  [
    'a name of another kind',
    grafana,
    source('OCIRepository', '{ url: oci://a.example, ref: { tag: 1.0.0 } }'),
    'names HelmRepository charts, but what has this name is an OCIRepository',
  ],
  ['a registry without type oci', grafana, source('HelmRepository', '{ url: oci://a.example }'), 'add type: oci'],
  [
    'type oci of a web server',
    grafana,
    source('HelmRepository', '{ url: https://a.example, type: oci }'),
    'does not begin with oci://',
  ],
  [
    'an OCIRepository of a web server',
    chartRef('OCIRepository'),
    source('OCIRepository', '{ url: https://a.example }'),
    'does not begin with oci://',
  ],
  [
    'a HelmRepository for a Kustomization',
    kustomization('other', './other').replace('GitRepository', 'HelmRepository'),
    '',
    'take GitRepository, OCIRepository, Bucket or ExternalArtifact',
  ],
])('%s', (_, user, sources, said) => {
  const found = findingsOf(wrongSourceKind, cluster({ 'apps/user.yaml': user, 'apps/charts.yaml': sources }));
  expect(found.map(({ message }) => message)).toEqual([expect.stringContaining(said)]);
});

test.each([
  ['as it should be', grafana, source('HelmRepository', '{ url: oci://a.example, type: oci }')],
  ['by chartRef', chartRef('OCIRepository'), source('OCIRepository', '{ url: oci://a.example }')],
  ['a variable in the address', grafana, source('HelmRepository', '{ url: "${URL}" }')],
])('silent: %s', (_, user, sources) => {
  expect(findingsOf(wrongSourceKind, cluster({ 'apps/user.yaml': user, 'apps/charts.yaml': sources }))).toEqual([]);
});
