import { expect, test } from 'vitest';
import { rwoRollingUpdate } from './rwo-rolling-update.js';
import { findingsOf } from './testing.js';
import { cluster, release } from './testing-cluster.js';

const claim = (mode: string): string => `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: default }
spec: { accessModes: [${mode}] }
`;
const deployment = (spec: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default }
spec:
  ${spec}
  template:
    spec:
      volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
`;
const places = (files: Readonly<Record<string, string>>): readonly string[] =>
  findingsOf(rwoRollingUpdate, cluster(files)).map(({ at, subject }) => `${at} ${subject}`);

test('a Deployment says what happens and what mends it', () => {
  const files = {
    'apps/claim.yaml': claim('ReadWriteOnce'),
    'apps/web.yaml': deployment('strategy: { type: RollingUpdate }'),
  };
  expect(findingsOf(rwoRollingUpdate, cluster(files))).toEqual([
    {
      at: 'apps/web.yaml:5:3',
      subject: 'Deployment default/web',
      message:
        'has one replica with a ReadWriteOnce volume and is rolled with a surge: on another node the new pod waits for the volume of the old one, which waits for the new pod, and the upgrade times out (claim data); set spec.strategy.type to Recreate, without rollingUpdate',
    },
  ]);
});

test.each([
  ['another mode', 'ReadWriteMany', 'replicas: 1'],
  ['more than one replica', 'ReadWriteOnce', 'replicas: 2'],
  ['Recreate', 'ReadWriteOnce', 'strategy: { type: Recreate }'],
  ['no surge', 'ReadWriteOnce', 'strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }'],
])('silent: %s', (_, mode, spec) => {
  expect(places({ 'apps/claim.yaml': claim(mode), 'apps/web.yaml': deployment(spec) })).toEqual([]);
});

test('silent: a claim that stands in no file', () => {
  expect(places({ 'apps/web.yaml': deployment('replicas: 1') })).toEqual([]);
});

const appTemplate = (controller: string, persistence: string): Readonly<Record<string, string>> => ({
  'apps/claim.yaml': claim('ReadWriteOnce'),
  'apps/web.yaml': release(
    'app-template',
    '4.0.1',
    `controllers:\n  web:\n    ${controller}\npersistence:\n  data: ${persistence}\n`,
    'web',
  ),
});

test('app-template: its default is Recreate, so only a strategy that is set is at fault', () => {
  expect(places(appTemplate('strategy: RollingUpdate', '{ existingClaim: data }'))).toEqual([
    'apps/web.yaml:19:9 HelmRelease default/web',
  ]);
  expect(places(appTemplate('strategy: RollingUpdate', '{ accessMode: ReadWriteOnce, size: 1Gi }'))).toHaveLength(1);
  expect(places(appTemplate('type: deployment', '{ existingClaim: data }'))).toEqual([]);
  expect(places(appTemplate('strategy: RollingUpdate', '{ type: emptyDir }'))).toEqual([]);
  expect(
    places(appTemplate('strategy: RollingUpdate', '{ existingClaim: data, advancedMounts: { other: {} } }')),
  ).toEqual([]);
});

const grafana = 'grafana: { persistence: { enabled: true }';

test('charts whose defaults decide', () => {
  const files = (chart: string, values: string): Readonly<Record<string, string>> => ({
    'apps/release.yaml': release(chart, '83.5.0', values),
  });
  expect(places(files('kube-prometheus-stack', `${grafana} }\n`))).toEqual([
    'apps/release.yaml:17:5 Deployment default/kube-prometheus-stack-grafana',
  ]);
  expect(places(files('kube-prometheus-stack', `${grafana}, deploymentStrategy: { type: Recreate } }\n`))).toEqual([]);
  expect(places(files('kube-prometheus-stack', `${grafana}, replicas: 2 }\n`))).toEqual([]);
  expect(places(files('kube-prometheus-stack', 'grafana: { enabled: true }\n'))).toEqual([]);
  expect(places(files('grafana', 'persistence: { enabled: true, accessModes: [ReadWriteMany] }\n'))).toEqual([]);
  expect(places(files('uptime-kuma', 'volume: { size: 1Gi }\n'))).toHaveLength(1);
});

test('a post-renderer that changes the strategy is the remedy', () => {
  const patch = (name: string): string => `  postRenderers:
    - kustomize:
        patches:
          - target: { kind: Deployment, name: ${name} }
            patch: |-
              - { op: add, path: /spec/strategy/rollingUpdate, value: { maxSurge: 0, maxUnavailable: 1 } }
`;
  const harbor = release('harbor', '1.18.3', 'jobservice: { replicas: 1 }\n');
  expect(places({ 'apps/release.yaml': harbor })).toEqual([
    'apps/release.yaml:16:3 Deployment default/harbor-jobservice',
  ]);
  expect(places({ 'apps/release.yaml': harbor + patch('harbor-jobservice') })).toEqual([]);
  expect(places({ 'apps/release.yaml': harbor + patch('harbor-core') })).toHaveLength(1);
});
