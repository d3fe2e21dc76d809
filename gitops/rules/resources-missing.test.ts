import { expect, test } from 'vitest';
import { resourcesMissing } from './resources-missing.js';
import { findingsOf } from './testing.js';
import { cluster, release } from './testing-cluster.js';

const complete = '{ requests: { cpu: 10m, memory: 1Gi }, limits: { memory: 1Gi } }';
const found = (chart: string, version: string, values: string): readonly string[] =>
  findingsOf(resourcesMissing, cluster({ 'apps/release.yaml': release(chart, version, values) })).map(
    ({ message, severity = 'warning' }) => `${severity}: ${message}`,
  );

test('a release that sets none says which keys its chart reads', () => {
  const files = cluster({ 'apps/release.yaml': release('cert-manager', 'v1.17.2', 'crds: { enabled: true }\n') });
  expect(findingsOf(resourcesMissing, files)).toEqual([
    {
      at: 'apps/release.yaml:16:3',
      subject: 'HelmRelease default/cert-manager',
      message:
        'sets no resources at all, and chart cert-manager v1.17.2 leaves resources, webhook.resources and cainjector.resources open; set them there',
    },
  ]);
});

test('where the values stand in a file, the finding does too', () => {
  const files = cluster({
    'apps/kustomization.yaml': `namespace: default
resources: [release.yaml]
configMapGenerator:
  - name: values
    files: [values.yaml]
    options: { disableNameSuffixHash: true }
`,
    'apps/release.yaml': release('reloader', '2.1.3', '').replace(
      '  values:\n',
      '  valuesFrom: [{ kind: ConfigMap, name: values }]\n',
    ),
    'apps/values.yaml': '# none yet\nreloader:\n  readOnlyRootFileSystem: true\n',
  });
  expect(findingsOf(resourcesMissing, files).map(({ at }) => at)).toEqual(['apps/values.yaml:2:1']);
});

test('only the defaults of the chart, no key at all, and a chart that is not known', () => {
  expect(found('coredns', '1.42.1', 'replicaCount: 2\n')).toEqual([
    'info: sets no resources at all, so the defaults of chart coredns 1.42.1 are in effect; write them down, since the next version may have others',
  ]);
  expect(found('flux-instance', '0.20.0', 'instance: {}\n')[0]).toContain(
    'has no key for them; set them by instance.kustomize.patches',
  );
  expect(found('unheard-of', '1.0.0', 'a: 1\n')[0]).toContain(
    'info: sets no resources at all; unless chart unheard-of 1.0.0 has defaults',
  );
});

test('silent: a chart that has no key for them, where a patch of its values sets them', () => {
  const patched = (path: string, value: string) =>
    `instance: { kustomize: { patches: [{ target: { kind: Deployment }, patch: "- {op: add, path: ${path}, value: ${value}}" }] } }\n`;
  expect(found('flux-instance', '0.20.0', patched('/spec/x/0/resources', '{limits: {memory: 1Gi}}'))).toEqual([]);
  expect(found('flux-instance', '0.20.0', patched('/spec/x/0/args/-', '--concurrent=10'))).toHaveLength(1);
});

test('in part: what a container still lacks, by its key', () => {
  expect(found('metrics-server', '3.12.2', 'resources: { requests: { cpu: 1m } }\n')).toEqual([
    'warning: leaves resources (limits.memory) open; a container should have requests of CPU and memory and a limit of memory',
  ]);
  expect(
    found(
      'kube-prometheus-stack',
      '72.9.1',
      `grafana: { enabled: false }\nprometheus: { prometheusSpec: { resources: ${complete} } }\n`,
    )[0],
  ).toContain(
    'leaves alertmanager.alertmanagerSpec.resources, prometheusOperator.resources, kube-state-metrics.resources and prometheus-node-exporter.resources open',
  );
});

test('app-template: every container of every controller, but for what is switched off or has a default', () => {
  const values = `controllers:
  web:
    containers:
      app: { resources: ${complete} }
      sidecar: {}
      off: { enabled: false }
  other:
    defaultContainerOptions: { resources: ${complete} }
    containers: { app: {} }
`;
  expect(found('app-template', '4.0.1', values)).toEqual([
    'warning: leaves controllers.web.containers.sidecar.resources open; a container should have requests of CPU and memory and a limit of memory',
  ]);
});

test('a workload: containers, and init containers that go on running', () => {
  const files = cluster({
    'apps/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default }
spec:
  template:
    spec:
      initContainers: [{ name: once }, { name: proxy, restartPolicy: Always }]
      containers:
        - { name: fine, resources: ${complete} }
        - { name: app, resources: { limits: { memory: 1Gi } } }
`,
  });
  expect(findingsOf(resourcesMissing, files)).toEqual([
    {
      at: 'apps/web.yaml:10:11',
      subject: 'Deployment default/web',
      message:
        'has containers without resources: app (requests.cpu) and proxy; give each requests of CPU and memory and a limit of memory',
    },
  ]);
});

test.each([
  [
    'a limit is the request too',
    'reloader',
    'reloader: { deployment: { resources: { limits: { cpu: 1, memory: 1Gi } } } }\n',
  ],
  ['the request of a default', 'spegel', 'resources: { requests: { cpu: 1m } }\n'],
  [
    'a part that is off',
    'external-secrets',
    `resources: ${complete}\nwebhook: { create: false }\ncertController: { create: false }\n`,
  ],
  ['lists that are empty', 'rook-ceph-cluster', `toolbox: { resources: ${complete} }\ncephFileSystems: []\n`],
  ['a chart that is not known, with some', 'unheard-of', `a: { resources: ${complete} }\n`],
])('silent: %s', (_, chart, values) => {
  expect(found(chart, '1.0.0', values)).toEqual([]);
});

test('silent: values that come from a Secret, and what nobody applies', () => {
  const secret =
    'apiVersion: v1\nkind: Secret\nmetadata: { name: values, namespace: default }\ndata: { values.yaml: YTogMQ== }\n';
  const text = release('reloader', '2.1.3', '').replace(
    '  values:\n',
    '  valuesFrom: [{ kind: Secret, name: values }]\n',
  );
  expect(findingsOf(resourcesMissing, cluster({ 'apps/release.yaml': text, 'apps/secret.yaml': secret }))).toEqual([]);
  expect(
    findingsOf(resourcesMissing, {
      'hack/pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: { containers: [{ name: x }] }\n',
    }),
  ).toEqual([]);
});
