/** Task 1.4: the cluster's own state is visible, and its critical failures call somebody. */
import { lineOf } from './lib/repository.mjs';
import { all, documented, runCheck } from './lib/verdict.mjs';

const dashboards = (repository) =>
  repository
    .ofKind('ConfigMap', 'v1', 'kubernetes/apps')
    .filter(({ object }) => object.metadata.labels?.grafana_dashboard === '1');

/** A dashboard whose queries hold all of `metrics`, as valid JSON that Flux leaves alone. */
function dashboard(title, ...metrics) {
  return (repository) => {
    const found = dashboards(repository).filter(({ object }) => JSON.stringify(object.data).includes(metrics[0]));
    const problems = found.flatMap((one) => [
      one.object.metadata.annotations?.['kustomize.toolkit.fluxcd.io/substitute'] !== 'disabled' &&
        `${lineOf(one, 'metadata')}: Flux would replace the variables of this dashboard`,
      ...Object.entries(one.object.data).map(([file, text]) => !isJson(text) && `${one.path}: ${file} is not JSON`),
      ...metrics.map(
        (metric) => !JSON.stringify(one.object.data).includes(metric) && `${one.path}: no panel shows ${metric}`,
      ),
    ]);
    const missing = found.length
      ? problems.filter(Boolean)
      : [`kubernetes/apps/monitoring: no dashboard shows ${metrics[0]} (${title})`];
    return { passed: `${title}: ${found.map(({ path }) => path).join(', ')}`, missing };
  };
}

function isJson(text) {
  try {
    return Boolean(JSON.parse(text));
  } catch {
    return false;
  }
}

const groups = (repository) =>
  repository
    .ofKind('PrometheusRule', 'monitoring.coreos.com')
    .flatMap((rule) => rule.object.spec.groups.map((group) => ({ rule, ...group })));

function alerts(repository) {
  const critical = groups(repository).flatMap(({ rule, rules }) =>
    rules.filter(({ alert, labels }) => alert && labels?.severity === 'critical').map((alert) => ({ ...alert, rule })),
  );
  const gone = groups(repository).filter(({ rules }) =>
    /gotk_(reconcile_condition|suspend_status)/.test(JSON.stringify(rules)),
  );
  const missing = [
    ...(critical.length >= 5
      ? []
      : [`kubernetes/apps/monitoring: has ${critical.length} critical alerts, at least 5 are needed`]),
    ...critical
      .filter(({ annotations }) => !annotations?.summary)
      .map(({ alert, rule }) => `${rule.path}: ${alert} has no summary`),
    ...gone.map(({ rule, name }) => `${rule.path}: group ${name} uses metrics that Flux no longer has`),
    ...unlabelled(repository).map(
      (found) =>
        `${lineOf(found, 'metadata')}: without the label release: kube-prometheus-stack Prometheus does not load it`,
    ),
  ];
  return { passed: `${critical.length} critical alerts: ${critical.map(({ alert }) => alert).join(', ')}`, missing };
}

const unlabelled = (repository) =>
  ['PrometheusRule', 'PodMonitor', 'ServiceMonitor']
    .flatMap((kind) => repository.ofKind(kind, 'monitoring.coreos.com'))
    .filter(({ object }) => object.metadata.labels?.release !== 'kube-prometheus-stack');

function objectives(repository) {
  const records = groups(repository).flatMap(({ rules }) => rules.filter(({ record }) => record?.startsWith('slo:')));
  const missing =
    records.length >= 4
      ? []
      : [`kubernetes/apps/monitoring: has ${records.length} recording rules named slo:..., at least 4 are needed`];
  return { passed: `${records.length} service level indicators are recorded`, missing };
}

const flux = dashboard('Flux', 'flux_resource_info', 'gotk_reconcile_duration_seconds');
const resources = dashboard(
  'Resource usage',
  'container_memory_working_set_bytes',
  'container_cpu_usage_seconds_total',
  'kube_pod_container_resource_requests',
);

runCheck({
  'flux-dashboards': flux,
  alerts,
  objectives: all(
    objectives,
    documented('docs/monitoring/slo.md', '## Indicators', '## Objectives', '## Error budget'),
  ),
  'resource-dashboards': resources,
  dashboards: all(flux, resources),
});
