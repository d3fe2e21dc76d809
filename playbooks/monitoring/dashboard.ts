/** A dashboard as Grafana reads it, laid out from rows of panels. */

export interface Query {
  readonly expr: string;
  /** With `{{label}}`. */
  readonly legend: string;
}

export interface PanelDraft {
  readonly title: string;
  readonly type: 'stat' | 'timeseries' | 'table';
  /** Of the 24 columns of a row. */
  readonly width: number;
  readonly unit: string;
  readonly queries: readonly Query[];
  /** From here on it is red; below it green. */
  readonly redFrom?: number;
  /** Up to here it is red; above it green. */
  readonly redBelow?: number;
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly rows: readonly { readonly height: number; readonly panels: readonly PanelDraft[] }[];
  /** Whether a reader picks namespaces: `namespace=~"$namespace"` in queries. */
  readonly byNamespace?: boolean;
}

/** Grafana 10.3 and later; older dashboards are brought up to it when they are loaded, newer ones keep it. */
const schemaVersion = 39;
const datasource = { type: 'prometheus', uid: '${datasource}' };

export function dashboardJson({ uid, title, rows, byNamespace = false }: Dashboard): string {
  let [id, y] = [0, 0];
  const panels: unknown[] = [];
  for (const { height, panels: drafts } of rows) {
    let x = 0;
    for (const draft of drafts) {
      panels.push({ id: ++id, gridPos: { h: height, w: draft.width, x, y }, ...panelOf(draft) });
      x += draft.width;
    }
    y += height;
  }
  const dashboard = {
    uid,
    title,
    tags: ['gitops'],
    schemaVersion,
    editable: true,
    graphTooltip: 1,
    time: { from: 'now-6h', to: 'now' },
    refresh: '1m',
    timezone: 'browser',
    annotations: { list: [] },
    links: [],
    templating: { list: [sourceVariable, ...(byNamespace ? [namespaceVariable] : [])] },
    panels,
  };
  return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}

function panelOf({ title, type, unit, queries, redFrom, redBelow }: PanelDraft) {
  const isNow = type !== 'timeseries';
  return {
    title,
    type,
    datasource,
    fieldConfig: { defaults: { unit, thresholds: thresholdsOf(redFrom, redBelow) }, overrides: [] },
    options: optionsOf[type],
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCodePoint(65 + index),
      datasource,
      expr,
      legendFormat: legend,
      ...(isNow ? { instant: true, range: false } : { instant: false, range: true }),
      ...(type === 'table' && { format: 'table' }),
    })),
    ...(type === 'table' && { transformations: [{ id: 'organize', options: { excludeByName: { Time: true } } }] }),
  };
}

function thresholdsOf(redFrom: number | undefined, redBelow: number | undefined) {
  const [first, second, at] = redBelow === undefined ? ['green', 'red', redFrom] : ['red', 'green', redBelow];
  const steps = [{ color: first, value: null }, ...(at === undefined ? [] : [{ color: second, value: at }])];
  return { mode: 'absolute', steps };
}

const optionsOf = {
  stat: {
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    colorMode: 'value',
    graphMode: 'none',
    textMode: 'auto',
  },
  timeseries: {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
  table: { showHeader: true },
} as const;

const sourceVariable = {
  name: 'datasource',
  label: 'Data source',
  type: 'datasource',
  query: 'prometheus',
  regex: '',
  refresh: 1,
  hide: 0,
  includeAll: false,
  multi: false,
  options: [],
  current: {},
};

const namespaceVariable = {
  name: 'namespace',
  label: 'Namespace',
  type: 'query',
  datasource,
  definition: 'label_values(kube_namespace_status_phase, namespace)',
  query: { query: 'label_values(kube_namespace_status_phase, namespace)', refId: 'namespace' },
  regex: '',
  refresh: 2,
  sort: 1,
  hide: 0,
  includeAll: true,
  allValue: '.*',
  multi: true,
  options: [],
  current: {},
};
