import { expect, test } from 'vitest';
import { customResourceBeforeDefinition } from './custom-resource-before-definition.js';
import { findingsOf } from './testing.js';
import { cluster, kustomization, release } from './testing-cluster.js';

type Files = Readonly<Record<string, string>>;

const schedule = (name = 'daily'): string =>
  `apiVersion: velero.io/v1\nkind: Schedule\nmetadata: { name: ${name}, namespace: default }\n`;
const velero = release('velero', '11.4.0', 'deployNodeAgent: true\n');
const seen = (files: Files): readonly string[] =>
  findingsOf(customResourceBeforeDefinition, files).map(({ message }) => message);

test('beside the release whose chart brings it: all of a kind are one finding', () => {
  const files = cluster({ 'apps/a.yaml': schedule(), 'apps/b.yaml': schedule('weekly'), 'apps/velero.yaml': velero });
  expect(findingsOf(customResourceBeforeDefinition, files)).toEqual([
    {
      at: 'apps/a.yaml:1:1',
      subject: 'Schedule default/daily',
      message:
        'Kustomization flux-system/apps applies 2 Schedules, whose definition comes with the chart of HelmRelease default/velero in the same Kustomization: the dry run of one unknown kind fails them all, so the release is never applied; put the custom resources into a Kustomization of their own that depends on flux-system/apps',
      related: ['apps/b.yaml:1:1 Schedule default/weekly, too'],
    },
  ]);
});

test('by the parent of the Kustomization that brings it', () => {
  const files = cluster({
    'apps/kustomization.yaml': 'resources: [a.yaml, ks.yaml]\n',
    'apps/a.yaml': schedule(),
    'apps/ks.yaml': kustomization('velero', './apps/velero'),
    'apps/velero/release.yaml': velero,
  });
  expect(seen(files)).toEqual([
    'Kustomization flux-system/apps applies Schedule default/daily, but their definition comes with the chart of HelmRelease default/velero, which is applied by Kustomization flux-system/velero, and that is made by Kustomization flux-system/apps itself: a new cluster never gets past this; let a Kustomization that depends on flux-system/velero apply them, or bring the definitions before',
  ]);
});

test('by one that the other waits for', () => {
  const files = {
    ...cluster({ 'apps/a.yaml': schedule(), 'velero/release.yaml': velero }),
    'velero.yaml': kustomization('velero', './velero', '  dependsOn: [{ name: apps }]\n'),
  };
  expect(seen(files)[0]).toContain(
    'and that waits for Kustomization flux-system/apps: neither ever starts; turn the dependency round',
  );
});

test('a FluxInstance that makes no sync', () => {
  const instance =
    'apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: { name: flux, namespace: flux-system }\n';
  expect(seen(cluster({ 'apps/flux.yaml': instance }))[0]).toContain('brings the definition of FluxInstance');
});

test('nothing brings it', () => {
  expect(seen(cluster({ 'apps/a.yaml': schedule() }))).toEqual([
    'no manifest, chart or remote resource of the tree brings the definition of Schedule (velero.io/v1): the server refuses all of Kustomization flux-system/apps; bring the definition by a Kustomization that this one depends on, or take the object out',
  ]);
});

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: schedules.velero.io }
spec: { group: velero.io, names: { kind: Schedule } }
`;

test.each<[string, Files]>([
  [
    'in another Kustomization',
    {
      ...cluster({ 'apps/a.yaml': schedule(), 'velero/release.yaml': velero }),
      'velero.yaml': kustomization('velero', './velero'),
    },
  ],
  [
    'its definition beside it, which Flux applies first',
    cluster({ 'apps/a.yaml': schedule(), 'apps/crd.yaml': definition }),
  ],
  [
    'a remote base',
    cluster({
      'apps/kustomization.yaml':
        'resources: [a.yaml, https://github.com/vmware-tanzu/velero//config/crd?ref=v1.17.1]\n',
      'apps/a.yaml': schedule(),
    }),
  ],
  ["Flux's own", cluster({ 'apps/velero.yaml': velero })],
  [
    'a FluxInstance that makes the sync by which it is applied',
    {
      'clusters/prod/flux.yaml':
        'apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: { name: flux, namespace: flux-system }\nspec: { sync: { path: clusters/prod } }\n',
    },
  ],
  [
    'a helmfile installs the chart before Flux',
    {
      ...cluster({ 'apps/a.yaml': schedule(), 'apps/velero.yaml': velero }),
      'bootstrap/helmfile.yaml': 'releases:\n  - name: velero\n    chart: oci://example.org/charts/velero\n',
    },
  ],
  [
    'a chart that nobody looked into may bring it',
    cluster({ 'apps/a.yaml': schedule(), 'apps/x.yaml': release('unheard-of', '1.0.0', 'a: 1\n') }),
  ],
])('silent: %s', (_, files) => {
  expect(seen(files)).toEqual([]);
});

test('a script that is not in the tree may bring it: only a warning, which says so', () => {
  const files = {
    ...cluster({ 'apps/a.yaml': schedule(), 'apps/velero.yaml': velero }),
    'Taskfile.yaml': 'cmd: bash bootstrap-apps.sh\n',
  };
  const [finding] = findingsOf(customResourceBeforeDefinition, files);
  expect([finding?.severity, finding?.message]).toEqual([
    'warning',
    expect.stringContaining('this is so unless bootstrap-apps.sh, which is not here'),
  ]);
});
