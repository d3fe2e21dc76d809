import { expect, test } from 'vitest';
import { resourcesMisplaced } from './resources-misplaced.js';
import { findingsOf } from './testing.js';
import { cluster, release } from './testing-cluster.js';

const some = 'resources: { requests: { memory: 1Gi } }';
const found = (chart: string, version: string, values: string): readonly string[] =>
  findingsOf(resourcesMisplaced, cluster({ 'apps/release.yaml': release(chart, version, `${values}\n`) })).map(
    ({ message }) => message,
  );

test('says which key has no effect and which one has', () => {
  const files = cluster({
    'apps/release.yaml': release('alloy', '1.1.2', `controller:\n  type: daemonset\n  ${some}\n`),
  });
  expect(findingsOf(resourcesMisplaced, files)).toEqual([
    {
      at: 'apps/release.yaml:19:7',
      subject: 'HelmRelease default/alloy',
      message:
        'values.controller.resources has no effect: chart alloy 1.1.2 does not read it; write alloy.resources and configReloader.resources',
    },
  ]);
});

test.each([
  ['kube-prometheus-stack', '72.9.1', `nodeExporter: { ${some} }`, 'write prometheus-node-exporter.resources'],
  ['spegel', '0.2.0', `spegel: { ${some} }`, 'write resources, at the top level'],
  ['app-template', '4.0.1', some, 'write controllers.<controller>.containers.<container>.resources'],
  ['immich', '0.12.0', `server: { ${some} }`, 'write {server,machine-learning,valkey}.controllers'],
  ['rook-ceph', 'v1.20.6', 'csi: { csiRBDPluginResource: "x" }', 'the values of chart ceph-csi-drivers'],
  [
    'rook-ceph',
    'v1.19.10',
    'csi: { csiRBDPluginResource: [{ name: x }] }',
    'does not read it as a list; write the same list as a text',
  ],
])('%s %s: %s', (chart, version, values, remedy) => {
  expect(found(chart, version, values)[0]).toContain(remedy);
});

test.each([
  ['alloy', '1.1.2', `alloy: { ${some} }`],
  ['app-template', '1.5.1', some],
  ['rook-ceph', 'v1.19.10', 'csi: { csiRBDPluginResource: "- name: x" }'],
  ['spegel', '0.2.0', 'spegel: { resources: {} }'],
  ['unheard-of', '1.0.0', some],
])('silent: %s %s: %s', (chart, version, values) => {
  expect(found(chart, version, values)).toEqual([]);
});
