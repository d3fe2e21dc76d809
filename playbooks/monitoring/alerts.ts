/** Alerts on failures that need somebody, beside those of the chart, which are not repeated. */
import type { Parameters } from './parameters.js';
import type { AlertRule, RuleGroup } from './rules.js';
import type { FluxState, Sources } from './sources.js';

type Severity = AlertRule['labels']['severity'];

export function alertGroups(parameters: Parameters, sources: Sources): readonly RuleGroup[] {
  const { flux, certManager } = sources;
  return [
    { name: 'flux', rules: [...(flux ? fluxAlerts(flux, parameters) : []), controllersAbsent()] },
    { name: 'nodes', rules: nodeAlerts() },
    { name: 'workloads', rules: workloadAlerts() },
    ...(certManager === 'scraped' ? [{ name: 'certificates', rules: certificateAlerts() }] : []),
  ];
}

function fluxAlerts(
  { metric, kind, suspended }: FluxState,
  { failingFor, suspendedFor }: Parameters,
): readonly AlertRule[] {
  const object = `{{ $labels.${kind} }} {{ $labels.exported_namespace }}/{{ $labels.name }}`;
  const by = `max by (exported_namespace, ${kind}, name)`;
  const failing = (match: string): string =>
    `${by} (${metric}{${kind}${match}"HelmRelease", ready="False", suspended!="${suspended}"}) == 1`;
  return [
    alert(
      'FluxResourceFailing',
      failing('!='),
      failingFor,
      'critical',
      `${object} is failing`,
      'What git says is not what runs. Its Ready condition says why: flux get all -A --status-selector ready=false',
    ),
    alert(
      'FluxHelmReleaseFailing',
      failing('='),
      failingFor,
      'critical',
      `${object} is failing`,
      'Helm could not install or upgrade it, and its retries may be spent: flux get helmreleases -A --status-selector ready=false',
    ),
    alert(
      'FluxResourceSuspended',
      `${by} (${metric}{suspended="${suspended}"}) == 1`,
      suspendedFor,
      'warning',
      `${object} is suspended`,
      'Nothing of it is applied until somebody resumes it.',
    ),
    alert(
      'FluxStateUnknown',
      `absent(${metric})`,
      '15m',
      'critical',
      'Nothing is known of the state of Flux',
      `Without ${metric} every alert on it is silent, whatever fails.`,
    ),
  ];
}

function controllersAbsent(): AlertRule {
  return alert(
    'FluxControllersAbsent',
    'absent(gotk_reconcile_duration_seconds_count)',
    '15m',
    'critical',
    'No controller of Flux reports',
    'They do not run, or Prometheus does not reach port http-prom of their Pods.',
  );
}

function nodeAlerts(): readonly AlertRule[] {
  return [
    alert(
      'NodeNotReady',
      'max by (node) (kube_node_status_condition{condition="Ready", status="true"}) == 0',
      '5m',
      'critical',
      'Node {{ $labels.node }} is not ready',
      'Its Pods are moved where they can be; volumes of one node stay with it.',
    ),
    alert(
      'NodeUnderPressure',
      'max by (node, condition) (kube_node_status_condition{condition=~"MemoryPressure|DiskPressure|PIDPressure", status="true"}) == 1',
      '10m',
      'critical',
      'Node {{ $labels.node }} has {{ $labels.condition }}',
      'The kubelet evicts Pods until it is gone.',
    ),
  ];
}

function workloadAlerts(): readonly AlertRule[] {
  return [
    alert(
      'DeploymentDown',
      'kube_deployment_status_replicas_available == 0 and kube_deployment_spec_replicas > 0',
      '15m',
      'critical',
      'Deployment {{ $labels.namespace }}/{{ $labels.deployment }} has no Pod that is available',
      'It is wholly down; the chart warns of those that lack a few Pods.',
    ),
    alert(
      'StatefulSetDown',
      'kube_statefulset_status_replicas_ready == 0 and kube_statefulset_replicas > 0',
      '15m',
      'critical',
      'StatefulSet {{ $labels.namespace }}/{{ $labels.statefulset }} has no Pod that is ready',
      'It is wholly down; the chart warns of those that lack a few Pods.',
    ),
    alert(
      'ContainerOutOfMemory',
      'increase(kube_pod_container_status_restarts_total[15m]) > 2 and on (namespace, pod, container) kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} == 1',
      '0m',
      'critical',
      '{{ $labels.namespace }}/{{ $labels.pod }}: {{ $labels.container }} keeps running out of memory',
      'Its limit of memory is too low for what it does, or it leaks.',
    ),
  ];
}

function certificateAlerts(): readonly AlertRule[] {
  return [
    alert(
      'CertificateExpires',
      'certmanager_certificate_expiration_timestamp_seconds - time() < 7 * 86400',
      '1h',
      'critical',
      'Certificate {{ $labels.exported_namespace }}/{{ $labels.name }} expires within a week',
      'cert-manager renews long before that: something keeps it from it.',
    ),
    alert(
      'CertificateNotReady',
      'max by (exported_namespace, name) (certmanager_certificate_ready_status{condition="False"}) == 1',
      '1h',
      'warning',
      'Certificate {{ $labels.exported_namespace }}/{{ $labels.name }} is not ready',
      'Its CertificateRequest and Order say why.',
    ),
  ];
}

function alert(
  name: string,
  expr: string,
  duration: string,
  severity: Severity,
  summary: string,
  description: string,
): AlertRule {
  return { alert: name, expr, for: duration, labels: { severity }, annotations: { summary, description } };
}
