/** The dashboards: the state of Flux, who uses what of what was asked for, and what is left of the error budgets. */
import type { Dashboard, PanelDraft } from './dashboard.js';
import { budgetLeft, budgetOf, burnRates, errorRatio, type ServiceLevel } from './objectives.js';
import type { FluxState } from './sources.js';

type Queries = readonly (readonly [expr: string, legend: string])[];

export function fluxDashboard({ metric, kind, suspended }: FluxState): Dashboard {
  const failing = `${metric}{ready="False", suspended!="${suspended}"}`;
  const suspendedOnes = `${metric}{suspended="${suspended}"}`;
  const objects = `exported_namespace, ${kind}, name, reason`;
  const controllers = 'job=~".*flux.*"';
  return {
    uid: 'gitops-flux',
    title: 'Flux',
    rows: [
      {
        height: 4,
        panels: [
          panel('Objects', 'stat', 6, 'short', [[`count(${metric})`, 'objects']]),
          panel('Failing', 'stat', 6, 'short', [[`count(${failing}) or vector(0)`, 'failing']], { redFrom: 1 }),
          panel('Suspended', 'stat', 6, 'short', [[`count(${suspendedOnes}) or vector(0)`, 'suspended']]),
          panel(
            'Ready',
            'stat',
            6,
            'percentunit',
            [[`count(${metric}{ready="True"}) / count(${metric}{ready=~"True|False|Unknown"})`, 'ready']],
            { redBelow: 0.95 },
          ),
        ],
      },
      {
        height: 8,
        panels: [
          panel('Failing objects', 'table', 12, 'short', [[`max by (${objects}) (${failing})`, '']]),
          panel('Suspended objects', 'table', 12, 'short', [
            [`max by (exported_namespace, ${kind}, name) (${suspendedOnes})`, ''],
          ]),
        ],
      },
      {
        height: 8,
        panels: [
          panel('Duration of a reconciliation, 95th percentile', 'timeseries', 12, 's', [
            [
              'histogram_quantile(0.95, sum by (le, kind) (rate(gotk_reconcile_duration_seconds_bucket[$__rate_interval])))',
              '{{kind}}',
            ],
          ]),
          panel('Slowest in the last hour', 'table', 12, 's', [
            [
              'topk(10, sum by (kind, exported_namespace, name) (increase(gotk_reconcile_duration_seconds_sum[1h])) / sum by (kind, exported_namespace, name) (increase(gotk_reconcile_duration_seconds_count[1h]) > 0))',
              '',
            ],
          ]),
        ],
      },
      {
        height: 8,
        panels: [
          panel('Reconciliations that ended in an error', 'timeseries', 12, 'ops', [
            [
              `sum by (controller) (rate(controller_runtime_reconcile_errors_total{${controllers}}[$__rate_interval]))`,
              '{{controller}}',
            ],
          ]),
          panel('Objects that wait for their turn', 'timeseries', 12, 'short', [
            [`sum by (name) (workqueue_depth{${controllers}})`, '{{name}}'],
          ]),
        ],
      },
      {
        height: 8,
        panels: [
          panel('Memory of the controllers', 'timeseries', 12, 'bytes', [
            [`sum by (pod) (process_resident_memory_bytes{${controllers}})`, '{{pod}}'],
          ]),
          panel('CPU of the controllers', 'timeseries', 12, 'short', [
            [`sum by (pod) (rate(process_cpu_seconds_total{${controllers}}[$__rate_interval]))`, '{{pod}}'],
          ]),
        ],
      },
    ],
  };
}

export function resourcesDashboard(): Dashboard {
  const pods = 'namespace=~"$namespace"';
  const memory = `container_memory_working_set_bytes{container!="", image!="", ${pods}}`;
  const cpu = `rate(container_cpu_usage_seconds_total{container!="", image!="", ${pods}}[$__rate_interval])`;
  const asked = (what: 'requests' | 'limits', resource: string): string =>
    `kube_pod_container_resource_${what}{resource="${resource}", ${pods}}`;
  const share = (resource: string): Queries => [
    [
      `sum by (node) (kube_pod_container_resource_requests{resource="${resource}"}) / sum by (node) (kube_node_status_allocatable{resource="${resource}"})`,
      '{{node}}',
    ],
  ];
  const container = '(namespace, pod, container)';
  return {
    uid: 'gitops-resources',
    title: 'Resource usage',
    byNamespace: true,
    rows: [
      {
        height: 8,
        panels: [
          panel('Memory', 'timeseries', 12, 'bytes', [
            [`sum(${memory})`, 'used'],
            [`sum(${asked('requests', 'memory')})`, 'requested'],
            [`sum(${asked('limits', 'memory')})`, 'limit'],
          ]),
          panel('CPU', 'timeseries', 12, 'short', [
            [`sum(${cpu})`, 'used'],
            [`sum(${asked('requests', 'cpu')})`, 'requested'],
          ]),
        ],
      },
      {
        height: 8,
        panels: [
          panel('Memory by namespace', 'timeseries', 12, 'bytes', [
            [`sum by (namespace) (${memory})`, '{{namespace}}'],
          ]),
          panel('CPU by namespace', 'timeseries', 12, 'short', [[`sum by (namespace) (${cpu})`, '{{namespace}}']]),
        ],
      },
      {
        height: 8,
        panels: [
          panel('Share of a node that is requested: memory', 'timeseries', 12, 'percentunit', share('memory')),
          panel('Share of a node that is requested: CPU', 'timeseries', 12, 'percentunit', share('cpu')),
        ],
      },
      {
        height: 9,
        panels: [
          panel('Closest to their limit of memory', 'table', 12, 'percentunit', [
            [`topk(15, max by ${container} (${memory}) / max by ${container} (${asked('limits', 'memory')}))`, ''],
          ]),
          panel('Furthest above their request of CPU', 'table', 12, 'percentunit', [
            [`topk(15, sum by ${container} (${cpu}) / max by ${container} (${asked('requests', 'cpu')}))`, ''],
          ]),
        ],
      },
      {
        height: 9,
        panels: [
          panel('Out of memory in the last day', 'table', 12, 'short', [
            [
              `sum by ${container} (increase(kube_pod_container_status_restarts_total{${pods}}[1d])) > 0 and on ${container} kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} == 1`,
              '',
            ],
          ]),
          panel('Without a request or a limit of memory', 'table', 12, 'short', [
            [
              `count by ${container} (kube_pod_container_info{${pods}}) unless on ${container} (${asked('requests', 'memory')} and on ${container} ${asked('limits', 'memory')})`,
              '',
            ],
          ]),
        ],
      },
    ],
  };
}

export function objectivesDashboard(levels: readonly ServiceLevel[]): Dashboard {
  const width = Math.floor(24 / levels.length);
  return {
    uid: 'gitops-service-levels',
    title: 'Service levels',
    rows: [
      {
        height: 5,
        panels: levels.map((level) =>
          panel(`${level.id}: budget left`, 'stat', width, 'percentunit', [[budgetLeft(level), level.id]], {
            redBelow: 0,
          }),
        ),
      },
      ...levels.map((level) => ({
        height: 8,
        panels: [
          panel(
            `${level.title}: times the rate that the objective of ${level.objective} % allows`,
            'timeseries',
            24,
            'short',
            burnRates.map(({ long }) => [`${errorRatio(level, long)} / ${budgetOf(level)}`, `over ${long}`] as const),
          ),
        ],
      })),
    ],
  };
}

function panel(
  title: string,
  type: PanelDraft['type'],
  width: number,
  unit: string,
  queries: Queries,
  more: Pick<PanelDraft, 'redFrom' | 'redBelow'> = {},
): PanelDraft {
  return { title, type, width, unit, queries: queries.map(([expr, legend]) => ({ expr, legend })), ...more };
}
