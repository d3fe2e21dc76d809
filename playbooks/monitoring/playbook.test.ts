import { expect, test } from 'vitest';
import { repositoryOf } from '../../gitops/model/testing.js';
import { carriedOut } from '../testing.js';
import { mark } from './manifests.js';
import { monitoring } from './playbook.js';
import { monitored } from './testing.js';

const lacks = (files: Readonly<Record<string, string>>) =>
  monitoring.lacks(repositoryOf(files), monitoring.parameters.parse({}), 0);

test('what it writes, and the Kustomization that waits for the definitions', () => {
  const { changes, notes } = carriedOut(monitoring, monitored());
  expect(Object.keys(changes)).toEqual([
    'apps/stack/app/release.yaml',
    'apps/operator/app/release.yaml',
    'apps/stack/config/alerts.yaml',
    'apps/stack/config/slo.yaml',
    'apps/stack/config/podmonitor-flux.yaml',
    'apps/stack/config/dashboard-flux.yaml',
    'apps/stack/config/dashboard-resources.yaml',
    'apps/stack/config/dashboard-slo.yaml',
    'docs/monitoring/slo.md',
    'apps/stack/config/kustomization.yaml',
    'apps/stack/ks.yaml',
  ]);
  expect(changes['apps/stack/ks.yaml']!.join('\n')).toBe(`+---
+apiVersion: kustomize.toolkit.fluxcd.io/v1
+kind: Kustomization
+metadata:
+  name: kps-config
+  namespace: flux-system
+spec:
+  dependsOn:
+    - name: stack
+      namespace: flux-system
+  interval: 1h
+  path: ./apps/stack/config
+  prune: true
+  retryInterval: 2m
+  sourceRef:
+    kind: GitRepository
+    name: flux-system
+    namespace: flux-system
+  timeout: 5m
+  wait: true`);
  expect(notes).toEqual([]);
});

test('a second run changes nothing, and nothing is lacking', () => {
  const { files } = carriedOut(monitoring, monitored());
  expect(carriedOut(monitoring, files).changes).toEqual({});
  expect(lacks(files)).toEqual([]);
});

test('lacking: what is not loaded, not alerted on, not shown and not promised', () => {
  const files = monitored('a: 1\n', {
    'apps/kustomization.yaml': 'resources: [stack/ks.yaml, operator/ks.yaml, old.yaml, own.yaml]\n',
    'apps/old.yaml': `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: old, namespace: monitoring }
spec:
  groups:
    - name: flux
      rules:
        - alert: Failing
          expr: gotk_reconcile_condition{status="False"} == 1
`,
    'apps/own.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: own, namespace: monitoring, labels: { grafana_dashboard: "1" } }
data:
  own.json: '{"expr": "up{job=\\"$\{job}\\"}"}'
`,
    'cluster.yaml': monitored()['cluster.yaml']!.concat('  postBuild: { substitute: { a: b } }\n'),
  });
  expect(lacks(files).map((line) => line.split('; ')[0])).toEqual([
    ...['rule', 'serviceMonitor', 'podMonitor', 'probe', 'scrapeConfig'].map(
      (kind) =>
        `apps/stack/app/release.yaml:16:3 HelmRelease monitoring/kps: values.prometheus.prometheusSpec.${kind}SelectorNilUsesHelmValues is not false, so Prometheus loads only what is labelled release: kps`,
    ),
    'apps/old.yaml:9:11 PrometheusRule monitoring/old: Failing asks for gotk_reconcile_condition, which Flux has had no more since 2.1',
    'HelmRelease monitoring/kps: no critical alert asks for flux_resource_info',
    'HelmRelease monitoring/kps: no alert asks for two windows of an slo: indicator',
    'apps/own.yaml:1:1 ConfigMap monitoring/own: Flux would replace the variables of this dashboard',
    'no dashboard labelled grafana_dashboard shows the state of Flux, flux_resource_info',
    'no dashboard labelled grafana_dashboard shows what containers use',
    'docs/monitoring/slo.md: is not there to say what is promised',
  ]);
});

test('dashboards keep their variables, whatever Flux substitutes', () => {
  const { files } = carriedOut(monitoring, monitored());
  const dashboard = files['apps/stack/config/dashboard-flux.yaml']!;
  expect(dashboard).toContain('kustomize.toolkit.fluxcd.io/substitute: disabled');
  expect(dashboard).toContain('${datasource}');
});

test('a file of somebody else stays; one that was written here is written again', () => {
  const own = { 'docs/monitoring/slo.md': '# Ours\n' };
  const { changes, notes } = carriedOut(monitoring, monitored(undefined, own));
  expect(changes).not.toHaveProperty('docs/monitoring/slo.md');
  expect(notes).toEqual(['docs/monitoring/slo.md: was not written by this playbook, and is left']);
  const stale = { 'docs/monitoring/slo.md': `<!-- ${mark} -->\nold\n` };
  expect(carriedOut(monitoring, monitored(undefined, stale)).changes).toHaveProperty('docs/monitoring/slo.md');
});

test('what somebody lists in its folder stays, and a changed interval is not changed back', () => {
  const { files } = carriedOut(monitoring, monitored());
  const listing = 'apps/stack/config/kustomization.yaml';
  const theirs = {
    ...files,
    [listing]: files[listing]!.replace('  - ./slo.yaml\n', '  - ./theirs.yaml # keep\n'),
    'apps/stack/config/theirs.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: theirs, namespace: monitoring }\n',
    'apps/stack/ks.yaml': files['apps/stack/ks.yaml']!.replaceAll('interval: 1h', 'interval: 15m'),
  };
  expect(carriedOut(monitoring, theirs).changes).toEqual({ [listing]: ['+  - ./slo.yaml'] });
});

test('objectives are parameters, and what they allow is computed from them', () => {
  const { files } = carriedOut(monitoring, monitored(), { objectives: { nodes: 99.9 }, suspendedFor: '6h' });
  const rules = files['apps/stack/config/slo.yaml']!;
  expect(rules).toContain('expr: slo:nodes:error_ratio_1h > 14.4 * 0.001 and slo:nodes:error_ratio_5m > 14.4 * 0.001');
  expect(rules).toContain('expr: slo:gitops:error_ratio_3d > 1 * 0.01 and slo:gitops:error_ratio_6h > 1 * 0.01');
  expect(files['apps/stack/config/alerts.yaml']).toContain('for: 6h');
  expect(files['docs/monitoring/slo.md']).toContain('| nodes | 99.9 % | 43 min | NodeErrorBudgetBurn |');
});

test.each([{ objectives: { nodes: 90 } }, { objectives: { nodes: 100 } }, { failingFor: 'soon' }, { objective: 1 }])(
  'refused: %j',
  (given) => {
    expect(monitoring.parameters.safeParse(given).success).toBe(false);
  },
);
