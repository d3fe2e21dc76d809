/**
 * Service levels: what counts as bad, the ratio over each window, and alerts on how fast the error budget burns.
 * Windows and factors are those of the Google SRE workbook, "Alerting on SLOs", 6: multiwindow, multi-burn-rate.
 */
import type { Objectives, Parameters } from './parameters.js';
import type { AlertRule, RecordingRule, RuleGroup } from './rules.js';
import type { FluxState, Sources } from './sources.js';

export interface ServiceLevel {
  readonly id: keyof Objectives;
  /** `GitOps`: begins the name of its alert. */
  readonly name: string;
  readonly title: string;
  /** Percent of 30 days. */
  readonly objective: number;
  /** How many are bad now, and of how many. */
  readonly bad: string;
  readonly total: string;
}

export interface BurnRate {
  readonly long: string;
  readonly short: string;
  readonly factor: number;
  readonly for: string;
  readonly severity: 'critical' | 'warning';
  /** Percent of 30 days' budget that is spent when it fires. */
  readonly spent: number;
}

export const burnRates: readonly BurnRate[] = [
  { long: '1h', short: '5m', factor: 14.4, for: '2m', severity: 'critical', spent: 2 },
  { long: '6h', short: '30m', factor: 6, for: '15m', severity: 'critical', spent: 5 },
  { long: '1d', short: '2h', factor: 3, for: '1h', severity: 'warning', spent: 10 },
  { long: '3d', short: '6h', factor: 1, for: '3h', severity: 'warning', spent: 10 },
];

const windows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;
/** Of the objective. */
export const period = '30d';

export function serviceLevels({ objectives }: Parameters, sources: Sources): readonly ServiceLevel[] {
  const level = (id: keyof Objectives, name: string, title: string, bad: string, total: string): ServiceLevel => ({
    id,
    name,
    title,
    objective: objectives[id],
    bad,
    total,
  });
  const ready = 'kube_node_status_condition{condition="Ready", status="true"}';
  const answered = (metric: string, failed: string): readonly [string, string] => [
    `sum(rate(${metric}{${failed}=~"5.."}[5m]))`,
    `sum(rate(${metric}[5m]))`,
  ];
  return [
    ...(sources.flux
      ? [level('gitops', 'GitOps', 'Kustomizations and HelmReleases that are not failing', ...ofFlux(sources.flux))]
      : []),
    level(
      'workloads',
      'Workload',
      'Deployments, StatefulSets and DaemonSets with all their Pods',
      'count((kube_deployment_spec_replicas - kube_deployment_status_replicas_available > 0) or (kube_statefulset_replicas - kube_statefulset_status_replicas_ready > 0) or (kube_daemonset_status_desired_number_scheduled - kube_daemonset_status_number_available > 0))',
      'count(kube_deployment_spec_replicas or kube_statefulset_replicas or kube_daemonset_status_desired_number_scheduled)',
    ),
    level('nodes', 'Node', 'Nodes that are ready', `count(${ready} == 0)`, `count(${ready})`),
    // The chart's KubeAPIErrorBudgetBurn is for 99 percent, whatever the parameter says, and can be off.
    ...(sources.apiServer
      ? [level('api', 'API', 'Requests that the API server answers', ...answered('apiserver_request_total', 'code'))]
      : []),
    ...(sources.ingressNginx
      ? [
          level(
            'ingress',
            'Ingress',
            'Requests that the ingress answers',
            ...answered('nginx_ingress_controller_requests', 'status'),
          ),
        ]
      : []),
  ];
}

function ofFlux({ metric, kind, suspended }: FluxState): readonly [string, string] {
  const about = `${kind}=~"Kustomization|HelmRelease", suspended!="${suspended}"`;
  return [`count(${metric}{${about}, ready="False"})`, `count(${metric}{${about}})`];
}

/** The share of bad ones over a window, as it is recorded. */
export function errorRatio({ id }: Pick<ServiceLevel, 'id'>, window: string): string {
  return `slo:${id}:error_ratio_${window}`;
}

/** What is left of the budget, 1 for all of it. */
export function budgetLeft({ id }: Pick<ServiceLevel, 'id'>): string {
  return `slo:${id}:budget_left_${period}`;
}

/** The share that may be bad: `0.01` of 99 percent. */
export function budgetOf({ objective }: Pick<ServiceLevel, 'objective'>): number {
  return Number(((100 - objective) / 100).toPrecision(6));
}

export function objectiveGroups(levels: readonly ServiceLevel[]): readonly RuleGroup[] {
  return levels.flatMap((level): readonly RuleGroup[] => [
    { name: `slo-${level.id}`, interval: '1m', rules: [...recorded(level), ...burnAlerts(level)] },
    {
      // A month is read less often: it moves slowly, and costs the most.
      name: `slo-${level.id}-${period}`,
      interval: '5m',
      rules: [
        ratio(level, period),
        { record: budgetLeft(level), expr: `1 - ${errorRatio(level, period)} / ${budgetOf(level)}` },
      ],
    },
  ]);
}

/** Bad and total are summed apart, so that a busy hour weighs more than a quiet one. */
function recorded(level: ServiceLevel): readonly RecordingRule[] {
  const { id, bad, total } = level;
  return [
    // No bad ones are no series, and 0; nothing to count at all stays nothing.
    { record: `slo:${id}:bad`, expr: `${bad} or 0 * ${total}` },
    { record: `slo:${id}:total`, expr: total },
    ...windows.map((window) => ratio(level, window)),
  ];
}

function ratio(level: ServiceLevel, window: string): RecordingRule {
  const { id } = level;
  return {
    record: errorRatio(level, window),
    expr: `sum_over_time(slo:${id}:bad[${window}]) / sum_over_time(slo:${id}:total[${window}])`,
  };
}

export function alertName({ name }: ServiceLevel): string {
  return `${name}ErrorBudgetBurn`;
}

function burnAlerts(level: ServiceLevel): readonly AlertRule[] {
  const budget = budgetOf(level);
  return burnRates.map(({ long, short, factor, for: duration, severity, spent }) => {
    const burns = (window: string): string => `${errorRatio(level, window)} > ${factor} * ${budget}`;
    return {
      alert: alertName(level),
      expr: `${burns(long)} and ${burns(short)}`,
      for: duration,
      labels: { severity, slo: level.id, long, short },
      annotations: {
        summary: `The error budget of ${level.id} burns at ${factor} times the rate that would last ${period}`,
        description: `{{ $value | humanizePercentage }} were bad over the last ${long}. ${level.title}: ${level.objective} % over ${period}. When this fires, ${spent} % of what may be bad in ${period} have been.`,
      },
    };
  });
}
