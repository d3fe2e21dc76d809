import { expect, test } from 'vitest';
import { readRepository } from '../model/read-repository.js';
import { treeOfTexts } from '../source/file-tree.js';
import { editYaml } from '../yaml/edit-yaml.js';
import { findingsOf } from './testing.js';
import { cluster, release } from './testing-cluster.js';
import { waitIgnoresHealthChecks } from './wait-ignores-health-checks.js';

const checking = (kind: string, name: string, wait = true) =>
  cluster(
    {
      'apps/a.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a, namespace: default }\n',
      'apps/grafana.yaml': release('grafana', '1.0.0', 'a: 1\n'),
    },
    `  wait: ${wait}\n  healthChecks:\n    - apiVersion: any/v1\n      kind: ${kind}\n      name: ${name}\n      namespace: default\n  timeout: 5m\n`,
  );

test('a check of what it does not apply is made by nobody', () => {
  expect(findingsOf(waitIgnoresHealthChecks, checking('CephCluster', 'rook-ceph'))).toEqual([
    {
      at: 'cluster.yaml:15:3',
      subject: 'Kustomization flux-system/apps',
      message:
        'wait: true makes Flux ignore spec.healthChecks, and nothing waits for CephCluster default/rook-ceph, which this Kustomization does not apply itself; set wait: false, or have a Kustomization of its own check it',
    },
  ]);
});

test.each([
  ['what it applies', checking('Deployment', 'a')],
  ['a workload that Helm waits for', checking('Deployment', 'grafana')],
  ['a release', checking('HelmRelease', 'grafana')],
])('a check of %s is made anyway, and the fix removes the list', (_, files) => {
  expect(findingsOf(waitIgnoresHealthChecks, files)).toMatchObject([{ severity: 'info' }]);
  const [finding] = [...waitIgnoresHealthChecks.check(readRepository(treeOfTexts(files)))];
  const edits = finding?.fix?.edits['cluster.yaml'] ?? [];
  const text = files['cluster.yaml']!.replace(/ {2}healthChecks:[^]*?(?= {2}timeout)/, '');
  expect(editYaml(files['cluster.yaml']!, edits)).toMatchObject({ status: 'edited', text });
});

test('a StatefulSet that an operator makes of a resource of the chart is waited for by nobody', () => {
  const files = {
    ...checking('StatefulSet', 'prometheus-stack-prometheus'),
    'apps/stack.yaml': release('kube-prometheus-stack', '83.5.0', 'a: 1\n'),
  };
  expect(findingsOf(waitIgnoresHealthChecks, { ...files, 'apps/grafana.yaml': '' })).toMatchObject([
    { message: expect.stringContaining('nothing waits for StatefulSet default/prometheus-stack-prometheus') },
  ]);
});

test('from Flux 2.8 Helm waits for custom resources, too', () => {
  const flux =
    'apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: { name: flux, namespace: flux-system }\nspec: { distribution: { version: 2.8.x } }\n';
  const files = { ...checking('CephCluster', 'a'), 'apps/flux.yaml': flux };
  expect(findingsOf(waitIgnoresHealthChecks, files)).toMatchObject([{ severity: 'info' }]);
});

test('what a remote base brings may be what is meant: no fix', () => {
  const files = {
    ...checking('Deployment', 'b'),
    'apps/kustomization.yaml': 'resources: ["https://example.com/b.yaml"]\n',
  };
  const [finding] = [...waitIgnoresHealthChecks.check(readRepository(treeOfTexts(files)))];
  expect(finding).toMatchObject({
    severity: 'info',
    message: expect.stringContaining('whether it waits for Deployment default/b anyway no file shows'),
  });
  expect(finding?.fix).toBeUndefined();
});

test('silent without wait', () => {
  expect(findingsOf(waitIgnoresHealthChecks, checking('CephCluster', 'a', false))).toEqual([]);
});
