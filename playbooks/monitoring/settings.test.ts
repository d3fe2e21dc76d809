import { expect, test } from 'vitest';
import { release } from '../../gitops/rules/testing-cluster.js';
import { type FileTree, treeOfTexts } from '../../gitops/source/file-tree.js';
import { runPlaybook } from '../run-playbook.js';
import { carriedOut } from '../testing.js';
import { monitoring } from './playbook.js';
import { monitored, unoperated } from './testing.js';

const stack = 'apps/stack/app/release.yaml';
const operator = 'apps/operator/app/release.yaml';

test('Prometheus loads all; the operator reports every half minute', () => {
  const { changes } = carriedOut(monitoring, monitored('prometheus:\n  enabled: true\n'));
  expect(changes[stack]).toEqual([
    '+      prometheusSpec:',
    ...['rule', 'serviceMonitor', 'podMonitor', 'probe', 'scrapeConfig'].map(
      (kind) => `+        ${kind}SelectorNilUsesHelmValues: false`,
    ),
  ]);
  expect(changes[operator]).toEqual(['+    reporting:', '+      interval: 30s']);
});

test('what is set stays; the ServiceMonitor of the operator is made', () => {
  const values = 'serviceMonitor: { create: false, interval: 15s }\nreporting: { interval: 1m }\n';
  const { changes } = carriedOut(
    monitoring,
    monitored(undefined, { [operator]: release('flux-operator', '0.20.0', values) }),
  );
  expect(changes[operator]).toEqual([
    '-    serviceMonitor: { create: false, interval: 15s }',
    '+    serviceMonitor: { create: true, interval: 15s }',
  ]);
});

test('values are set in the values file that the release takes them from', () => {
  const files = monitored(undefined, {
    'apps/operator/app/kustomization.yaml':
      'resources: [release.yaml]\nconfigMapGenerator:\n  - name: values\n    namespace: default\n    files: [values.yaml]\ngeneratorOptions: { disableNameSuffixHash: true }\n',
    [operator]: release('flux-operator', '0.20.0', '')
      .trimEnd()
      .replace('  values:', '  valuesFrom:\n    - { kind: ConfigMap, name: values }\n'),
    'apps/operator/app/values.yaml': '# of the operator\nserviceMonitor:\n  create: true\n',
  });
  const { changes } = carriedOut(monitoring, files);
  expect(changes[operator]).toBeUndefined();
  expect(changes['apps/operator/app/values.yaml']).toEqual(['+reporting:', '+  interval: 30s']);
});

const talos = { 'talos/talconfig.yaml': 'clusterName: home\n' };

test('Talos: nothing is watched that is not there, and what hides is said', () => {
  const { changes, notes } = carriedOut(monitoring, monitored('a: 1\n', talos));
  expect(changes[stack]!.slice(-6)).toEqual([
    '+    kubeProxy:',
    '+      enabled: false',
    '+    kubeEtcd:',
    '+      service:',
    '+        selector:',
    '+          component: kube-apiserver',
  ]);
  expect(notes.join()).toContain('listen-metrics-urls');
  const open = {
    'talos/patch.yaml': 'cluster: { etcd: { extraArgs: { listen-metrics-urls: "http://0.0.0.0:2381" } } }\n',
  };
  expect(carriedOut(monitoring, monitored('a: 1\n', open)).notes).toEqual([]);
});

test('Talos: an image beside its configuration is not read, and what cannot be read stops nothing', () => {
  const tree = treeOfTexts(monitored('a: 1\n', talos));
  const held: FileTree = {
    ...tree,
    paths: [...tree.paths, 'talos/gone.yaml', 'talos/metal.iso'],
    read(path) {
      if (path === 'talos/metal.iso') expect.unreachable('an image is read');
      if (path === 'talos/gone.yaml') throw new Error('cannot be read');
      return tree.read(path);
    },
  };
  const { notes } = runPlaybook(monitoring, held, monitoring.parameters.parse({}), undefined)[0]!;
  expect(notes.join()).toContain('listen-metrics-urls');
});

test('Talos: what the values say stays; where the files do not tell, a parameter does', () => {
  const values = 'kubeProxy: { enabled: true }\nkubeEtcd: { endpoints: [10.0.0.1] }\n';
  expect(carriedOut(monitoring, monitored(values, talos)).changes[stack]!.join()).not.toContain('kube');
  expect(carriedOut(monitoring, monitored('a: 1\n'), { talos: true }).changes[stack]!.join()).toContain('kubeProxy');
  expect(carriedOut(monitoring, monitored('a: 1\n', talos), { talos: false }).changes[stack]!.join()).not.toContain(
    'kubeProxy',
  );
});

test('without flux-operator kube-state-metrics tells the state of Flux, in the versions that the tree has', () => {
  const { files, changes } = carriedOut(monitoring, unoperated('kube-state-metrics:\n  replicas: 1\n'));
  const text = files[stack]!;
  expect(text).toContain('customResourceState:\n        enabled: true');
  expect(text).toContain(
    'group: helm.toolkit.fluxcd.io\n                  version: v2\n                  kind: HelmRelease',
  );
  expect(text).toContain('resources:\n              - kustomizations\n');
  expect(text).not.toContain('OCIRepository');
  expect(changes['apps/stack/config/alerts.yaml']!.join()).toContain(
    'max by (exported_namespace, customresource_kind, name) (gotk_resource_info{customresource_kind!="HelmRelease", ready="False", suspended!="true"}) == 1',
  );
  expect(carriedOut(monitoring, files).changes).toEqual({});
});

test('where nothing can tell the state of Flux, nothing asks for it', () => {
  const { changes, notes } = carriedOut(monitoring, unoperated('a: 1\n', '39.4.0'));
  expect(notes[0]).toContain('neither flux-operator nor its kube-state-metrics tells the state of Flux');
  expect(Object.keys(changes)).not.toContain('apps/stack/config/dashboard-flux.yaml');
  expect(Object.values(changes).flat().join()).not.toMatch(/resource_info|slo:gitops|scrapeConfig/);
});
