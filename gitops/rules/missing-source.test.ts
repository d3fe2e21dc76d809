import { expect, test } from 'vitest';
import { missingSource } from './missing-source.js';
import { findingsOf } from './testing.js';
import { cluster, kustomization, release } from './testing-cluster.js';

const repository = (name: string, namespace = 'flux-system') =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { url: https://example.com/charts }\n`;
const grafana = release('grafana', '1.0.0', 'a: 1\n');

test('names what is there instead', () => {
  const files = cluster({ 'apps/grafana.yaml': grafana, 'apps/charts.yaml': repository('charts', 'charts') });
  expect(findingsOf(missingSource, files)).toEqual([
    {
      at: 'apps/grafana.yaml:14:9',
      subject: 'HelmRelease default/grafana',
      message:
        'takes spec.chart.spec.sourceRef HelmRepository flux-system/charts, which nothing provides; did you mean namespace charts',
    },
  ]);
});

test('one that nothing applies is named with its file', () => {
  const files = cluster({ 'apps/grafana.yaml': grafana, 'elsewhere/charts.yaml': repository('charts') });
  expect(findingsOf(missingSource, files)[0]?.message).toContain('elsewhere/charts.yaml declares one of that name');
});

test('of a Kustomization', () => {
  const other = kustomization('other', './other').replaceAll('name: flux-system', 'name: infra');
  const [finding] = findingsOf(missingSource, cluster({ 'apps/other.yaml': other }));
  expect(finding).toMatchObject({
    subject: 'Kustomization flux-system/other',
    message:
      'takes spec.sourceRef GitRepository flux-system/infra, which nothing provides; declare it, or correct the name',
  });
});

const instance = `apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: { name: flux, namespace: flux-system }
spec: { sync: { kind: GitRepository, url: https://example.com/home.git, path: clusters/prod } }
`;

test("silent: a chart in this repository, from the source that a FluxInstance's sync makes; not of another namespace", () => {
  const chart = grafana.replace('HelmRepository', 'GitRepository').replace('name: charts', 'name: flux-system');
  const seen = (text: string) =>
    findingsOf(missingSource, { 'clusters/prod/flux.yaml': instance, 'clusters/prod/grafana.yaml': text });
  expect(seen(chart)).toEqual([]);
  expect(seen(chart.replace('namespace: flux-system', 'namespace: default'))).toMatchObject([
    { message: expect.stringContaining('GitRepository default/flux-system, which nothing provides') },
  ]);
});

test('silent: it is there; a variable in its name; of another kind, which wrong-source-kind says', () => {
  const variable = grafana.replace('name: charts', 'name: ${CHARTS}');
  const bucket = repository('charts').replace('HelmRepository', 'Bucket');
  for (const files of [
    { 'apps/grafana.yaml': grafana, 'apps/charts.yaml': repository('charts') },
    { 'apps/grafana.yaml': variable },
    { 'apps/grafana.yaml': grafana, 'apps/charts.yaml': bucket },
  ])
    expect(findingsOf(missingSource, cluster(files))).toEqual([]);
});
