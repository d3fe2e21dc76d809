import { expect, test } from 'vitest';
import { kustomization, release } from '../../gitops/rules/testing-cluster.js';
import { carriedOut } from '../testing.js';
import { monitoring } from './playbook.js';
import { monitored } from './testing.js';

const dashboard = 'apps/stack/config/dashboard-slo.yaml';
const withMore = (values: string, text: string): Readonly<Record<string, string>> =>
  monitored(values, {
    'apps/kustomization.yaml': 'resources: [stack/ks.yaml, operator/ks.yaml, more/ks.yaml]\n',
    'apps/more/ks.yaml': kustomization('more', './apps/more/app'),
    'apps/more/app/more.yaml': text,
  });

test('dashboards are labelled as the sidecar asks', () => {
  const values = 'grafana: { sidecar: { dashboards: { label: show, labelValue: "yes" } } }\n';
  expect(carriedOut(monitoring, monitored(values)).files[dashboard]).toContain(
    "  namespace: monitoring\n  labels:\n    show: 'yes'\n",
  );
});

test('of a Grafana of its own: in its namespace, unless it looks everywhere', () => {
  const grafana = (search: string): string =>
    release('grafana', '9.0.0', `sidecar: { dashboards: { enabled: true${search} } }\n`, 'grafana', 'pictures');
  const off = 'grafana: { enabled: false }\n';
  const placed = (text: string) => carriedOut(monitoring, withMore(off, text)).files[dashboard];
  expect(placed(grafana(''))).toContain("  namespace: pictures\n  labels:\n    grafana_dashboard: '1'\n");
  expect(placed(grafana(', searchNamespace: ALL'))).toContain('  namespace: monitoring\n');
});

test('no Grafana, no dashboards', () => {
  const { changes, notes } = carriedOut(monitoring, monitored('grafana: { enabled: false }\n'));
  expect(Object.keys(changes).join()).not.toContain('dashboard');
  expect(notes).toEqual([
    'HelmRelease monitoring/kps: no Grafana of the tree loads dashboards from ConfigMaps, so none are written',
  ]);
});

test('controllers that are watched already get no second PodMonitor', () => {
  const monitor = `apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: { name: flux, namespace: flux-system }
spec: { selector: {}, podMetricsEndpoints: [{ port: http-prom }] }
`;
  const { changes, notes } = carriedOut(monitoring, withMore('a: 1\n', monitor));
  expect(Object.keys(changes).join()).not.toContain('podmonitor');
  expect(notes).toEqual(["Flux' controllers have a PodMonitor already, and get no second one"]);
});

test('certificates and the ingress count where they are scraped', () => {
  const alerts = (text: string) => {
    const { files, notes } = carriedOut(monitoring, withMore('a: 1\n', text));
    return [
      files['apps/stack/config/alerts.yaml']!.includes('CertificateExpires'),
      files['apps/stack/config/slo.yaml']!.includes('slo:ingress'),
      notes.length,
    ];
  };
  expect(alerts(release('cert-manager', '1.17.2', 'prometheus: { enabled: true }\n'))).toEqual([false, false, 1]);
  expect(alerts(release('cert-manager', '1.17.2', 'prometheus: { podmonitor: { enabled: true } }\n'))).toEqual([
    true,
    false,
    0,
  ]);
  expect(alerts(release('ingress-nginx', '4.12.2', 'controller: { metrics: { enabled: true } }\n'))).toEqual([
    false,
    true,
    0,
  ]);
});

test.each([
  'a: 1\n',
  'defaultRules: { rules: { kubeApiserverSlos: false } }\n',
  'defaultRules: { disabled: { KubeAPIErrorBudgetBurn: true } }\n',
  'defaultRules: { rules: { kubeApiserverBurnrate: false } }\n',
])('the API server’s alert is that of its objective, whatever the chart has: %s', (values) => {
  const { files } = carriedOut(monitoring, monitored(values));
  expect(files['apps/stack/config/slo.yaml']).toContain(
    'expr: slo:api:error_ratio_1h > 14.4 * 0.001 and slo:api:error_ratio_5m > 14.4 * 0.001',
  );
  expect(files['docs/monitoring/slo.md']).toContain('| api | 99.9 % | 43 min | APIErrorBudgetBurn |');
  expect(files['docs/monitoring/slo.md']).not.toContain('kubeApiServer');
});

test('an API server that nobody asks has no objective, and the page says so', () => {
  const { files } = carriedOut(monitoring, monitored('kubeApiServer: { enabled: false }\n'));
  expect(files['apps/stack/config/slo.yaml']).not.toContain('slo:api');
  expect(files['docs/monitoring/slo.md']).not.toContain('| api |');
  expect(files['docs/monitoring/slo.md']).toContain(
    '\n\nThe API server has no objective: kubeApiServer.enabled is false, so Prometheus does not know what it answers.\n\nChange',
  );
});

test('a chart that is there before the release is Ready is said', () => {
  const text = monitored()['apps/stack/ks.yaml']!.replace('wait: true', 'wait: false');
  expect(carriedOut(monitoring, monitored(undefined, { 'apps/stack/ks.yaml': text })).notes).toEqual([
    'Kustomization flux-system/stack: is Ready before the chart is, so that on a new cluster kps-config is refused and tried again until it is; give it wait: true or healthChecks',
  ]);
});
