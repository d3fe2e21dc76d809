/** Where numbers and pictures come from: who tells the state of Flux, which metrics there are, who shows dashboards. */
import { isInRange } from '../../gitops/charts/version-range.js';
import type { HelmRelease } from '../../gitops/flux/helm-release.js';
import { fieldOf, itemsOf, nonEmpty, textOf, textsOf, valueAt } from '../../gitops/manifests/fields.js';
import type { Repository } from '../../gitops/model/repository.js';
import type { Stack } from './stack.js';

/** The state of each object of Flux as a metric; the controllers themselves have not had one since Flux 2.1. */
export interface FluxState {
  readonly from: 'flux-operator' | 'kube-state-metrics';
  readonly metric: 'flux_resource_info' | 'gotk_resource_info';
  /** Its label with the kind. */
  readonly kind: string;
  /** The value of its label `suspended` for what is. */
  readonly suspended: string;
}

export interface Sources {
  readonly flux: FluxState | undefined;
  /** Where the controllers run. */
  readonly fluxNamespace: string;
  /** A PodMonitor of theirs that is not of this playbook. */
  readonly hasPodMonitor: boolean;
  readonly certManager: 'scraped' | 'not scraped' | 'absent';
  readonly ingressNginx: boolean;
  /** Whether the chart has Prometheus read what the API server answers. */
  readonly apiServer: boolean;
  readonly grafana: Grafana | undefined;
  /** How long Prometheus keeps what it knows; the chart's default where the values do not say. */
  readonly retention: string;
}

/** The sidecar that loads dashboards from ConfigMaps. */
export interface Grafana {
  readonly label: string;
  readonly value: string;
  /** Where it looks for them. */
  readonly namespace: string;
}

export function readSources({ flux }: Repository, stack: Stack): Sources {
  const { release, owner } = stack;
  const values = release.values.value;
  const of = (chart: string): readonly HelmRelease[] => flux.helmReleases.filter((one) => one.chart?.name === chart);
  const fluxNamespace = owner.spec.sourceRef?.namespace ?? owner.id.namespace;
  const certManagers = of('cert-manager');
  return {
    flux: stateOfFlux(of('flux-operator').length > 0, release),
    fluxNamespace,
    hasPodMonitor: flux.objects.some(
      ({ id, composed, owner: applier }) =>
        id.kind === 'PodMonitor' && applier !== stack.existing && watchesFlux(composed.value),
    ),
    certManager:
      certManagers.length === 0 ? 'absent' : certManagers.some(isCertManagerScraped) ? 'scraped' : 'not scraped',
    ingressNginx: of('ingress-nginx').some(
      (one) => valueAt(one.values.value, ['controller', 'metrics', 'enabled']) === true,
    ),
    apiServer: valueAt(values, ['kubeApiServer', 'enabled']) !== false,
    grafana: grafanaOf(release, of('grafana')),
    retention: textOf(valueAt(values, ['prometheus', 'prometheusSpec', 'retention'])) ?? '10d',
  };
}

function stateOfFlux(hasOperator: boolean, { chart, values }: HelmRelease): FluxState | undefined {
  if (hasOperator) return { from: 'flux-operator', metric: 'flux_resource_info', kind: 'kind', suspended: 'True' };
  // Older ones bring a kube-state-metrics whose chart does not read customResourceState.
  if (!isInRange({ from: '45.0.0' }, chart?.version)) return undefined;
  const state = valueAt(values.value, ['kube-state-metrics', 'customResourceState']);
  if (fieldOf(state, 'enabled') === true && !JSON.stringify(state).includes('resource_info')) return undefined;
  return {
    from: 'kube-state-metrics',
    metric: 'gotk_resource_info',
    kind: 'customresource_kind',
    suspended: 'true',
  };
}

function watchesFlux(monitor: unknown): boolean {
  return itemsOf(valueAt(monitor, ['spec', 'podMetricsEndpoints'])).some(
    (endpoint) => fieldOf(endpoint, 'port') === 'http-prom',
  );
}

function isCertManagerScraped({ values }: HelmRelease): boolean {
  return ['servicemonitor', 'podmonitor'].some(
    (kind) => valueAt(values.value, ['prometheus', kind, 'enabled']) === true,
  );
}

/** The stack's own, else that of a release of its own; undefined where none loads dashboards from ConfigMaps. */
function grafanaOf({ values, targetNamespace }: HelmRelease, others: readonly HelmRelease[]): Grafana | undefined {
  const own = valueAt(values.value, ['grafana', 'sidecar', 'dashboards']);
  if (valueAt(values.value, ['grafana', 'enabled']) !== false && fieldOf(own, 'enabled') !== false)
    return sidecarOf(own, targetNamespace);
  for (const other of others) {
    const sidecar = valueAt(other.values.value, ['sidecar', 'dashboards']);
    if (fieldOf(sidecar, 'enabled') !== true) continue;
    const isEverywhere = fieldOf(sidecar, 'searchNamespace') === 'ALL';
    return sidecarOf(sidecar, isEverywhere ? targetNamespace : other.targetNamespace);
  }
  return undefined;
}

function sidecarOf(sidecar: unknown, namespace: string): Grafana {
  const set = textsOf(sidecar);
  return {
    label: nonEmpty(set.get('label')) ?? 'grafana_dashboard',
    value: nonEmpty(set.get('labelValue')) ?? '1',
    namespace,
  };
}
