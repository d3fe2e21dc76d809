/** Metrics that there are, by who exports them: what an alert may ask for. */

const bySource: Readonly<Record<string, readonly string[]>> = {
  // docs/metrics/{workload,pod,cluster} of kubernetes/kube-state-metrics.
  'kube-state-metrics': [
    'kube_daemonset_status_desired_number_scheduled',
    'kube_daemonset_status_number_available',
    'kube_deployment_spec_replicas',
    'kube_deployment_status_replicas_available',
    'kube_node_status_allocatable',
    'kube_node_status_condition',
    'kube_pod_container_info',
    'kube_pod_container_resource_limits',
    'kube_pod_container_resource_requests',
    'kube_pod_container_status_last_terminated_reason',
    'kube_pod_container_status_restarts_total',
    'kube_statefulset_replicas',
    'kube_statefulset_status_replicas_ready',
    // What kube-state-metrics.ts has it make of Flux' objects: prefix and name.
    'gotk_resource_info',
  ],
  // google/cadvisor, docs/storage/prometheus.md; the kubelet serves it.
  cadvisor: ['container_cpu_usage_seconds_total', 'container_memory_working_set_bytes'],
  // controlplaneio-fluxcd/flux-operator, docs/guides/monitoring.md.
  'flux-operator': ['flux_resource_info'],
  // fluxcd/pkg, runtime/metrics: a histogram.
  'Flux controllers': [
    'gotk_reconcile_duration_seconds_bucket',
    'gotk_reconcile_duration_seconds_count',
    'gotk_reconcile_duration_seconds_sum',
  ],
  // kubernetes-sigs/controller-runtime, pkg/internal/controller/metrics and pkg/metrics/workqueue.go.
  'controller-runtime': ['controller_runtime_reconcile_errors_total', 'workqueue_depth'],
  // prometheus/client_golang, the process collector.
  client_golang: ['process_cpu_seconds_total', 'process_resident_memory_bytes'],
  // kubernetes/apiserver, pkg/endpoints/metrics.
  'kube-apiserver': ['apiserver_request_total'],
  // kubernetes/ingress-nginx, docs/user-guide/monitoring.md.
  'ingress-nginx': ['nginx_ingress_controller_requests'],
  // cert-manager/cert-manager, pkg/metrics/metrics.go.
  'cert-manager': ['certmanager_certificate_expiration_timestamp_seconds', 'certmanager_certificate_ready_status'],
};

export const knownMetrics: ReadonlySet<string> = new Set(Object.values(bySource).flat());
