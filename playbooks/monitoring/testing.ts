/** For the tests of this playbook: a repository that has what it needs, and what it wrote, read back. */
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { kustomization, release } from '../../gitops/rules/testing-cluster.js';

type Files = Readonly<Record<string, string>>;

/** Below `apps` a Kustomization for kube-prometheus-stack with these values, and one for flux-operator. */
export function monitored(values = 'grafana: { enabled: true }\n', more: Files = {}): Files {
  return {
    ...unoperated(values),
    'apps/kustomization.yaml': 'resources:\n  - stack/ks.yaml\n  - operator/ks.yaml\n',
    'apps/operator/ks.yaml': kustomization('operator', './apps/operator/app'),
    'apps/operator/app/release.yaml': release('flux-operator', '0.20.0', 'serviceMonitor: { create: true }\n'),
    ...more,
  };
}

/** The same without flux-operator. */
export function unoperated(values: string, version = '72.9.1'): Files {
  return {
    'cluster.yaml': kustomization('cluster', './apps'),
    'apps/kustomization.yaml': 'resources:\n  - stack/ks.yaml\n',
    'apps/stack/ks.yaml': kustomization('stack', './apps/stack/app', '  wait: true\n'),
    'apps/stack/app/release.yaml': release('kube-prometheus-stack', version, values, 'kps', 'monitoring'),
  };
}

export interface Expression {
  /** `apps/stack/config/alerts.yaml FluxResourceFailing`. */
  readonly where: string;
  readonly text: string;
}

/** Every expression of rules and of dashboards, with Grafana's variables put in. */
export function expressionsOf(files: Files): readonly Expression[] {
  const objects = Object.entries(files).flatMap(([path, text]) =>
    path.endsWith('.yaml') && /kind: (PrometheusRule|ConfigMap)/.test(text)
      ? parseAllDocuments(text).map((document) => [path, document.toJS() as Written] as const)
      : [],
  );
  return objects.flatMap(([path, { kind, spec, data }]) => {
    if (kind === 'PrometheusRule')
      return (spec?.groups ?? []).flatMap(({ rules }) =>
        rules.map(({ alert, record, expr }) => ({ where: `${path} ${alert ?? record}`, text: expr })),
      );
    return Object.values(data ?? {}).flatMap((json) =>
      DashboardFile.parse(JSON.parse(json)).panels.flatMap(({ title, targets }) =>
        targets.map(({ expr }) => ({ where: `${path} ${title}`, text: withVariables(expr) })),
      ),
    );
  });
}

interface Written {
  readonly kind: string;
  readonly spec?: {
    readonly groups: readonly {
      readonly rules: readonly { readonly alert?: string; readonly record?: string; readonly expr: string }[];
    }[];
  };
  readonly data?: Readonly<Record<string, string>>;
}

function withVariables(expr: string): string {
  return expr.replaceAll(/\$__(rate_)?interval/g, '5m').replaceAll(/\$\{?namespace\}?/g, 'default');
}

const Datasource = z.strictObject({ type: z.literal('prometheus'), uid: z.literal('${datasource}') });

const Target = z.strictObject({
  refId: z.string().regex(/^[A-Z]$/),
  datasource: Datasource,
  expr: z.string().min(1),
  legendFormat: z.string(),
  instant: z.boolean(),
  range: z.boolean(),
  format: z.literal('table').optional(),
});

const Panel = z.strictObject({
  id: z.int().min(1),
  title: z.string().min(1),
  type: z.enum(['stat', 'timeseries', 'table']),
  datasource: Datasource,
  gridPos: z.strictObject({
    x: z.int().min(0).max(23),
    y: z.int().min(0),
    w: z.int().min(1).max(24),
    h: z.int().min(1),
  }),
  fieldConfig: z.strictObject({
    defaults: z.strictObject({
      unit: z.string().min(1),
      thresholds: z.strictObject({
        mode: z.literal('absolute'),
        steps: z.array(z.strictObject({ color: z.enum(['green', 'red']), value: z.number().nullable() })).min(1),
      }),
    }),
    overrides: z.array(z.never()),
  }),
  options: z.record(z.string(), z.unknown()),
  transformations: z.array(z.strictObject({ id: z.literal('organize'), options: z.unknown() })).optional(),
  targets: z.array(Target).min(1),
});

const Variable = z.looseObject({
  name: z.string().min(1),
  label: z.string(),
  type: z.enum(['datasource', 'query']),
  hide: z.literal(0),
  refresh: z.union([z.literal(1), z.literal(2)]),
});

/** What Grafana's dashboard kind (`kinds/dashboard/dashboard_kind.cue`) asks for and this playbook writes, and no more. */
export const DashboardFile = z
  .strictObject({
    uid: z.string().regex(/^[\w-]{1,40}$/),
    title: z.string().min(1),
    tags: z.array(z.string()),
    schemaVersion: z.int().min(39),
    editable: z.boolean(),
    graphTooltip: z.int().min(0).max(2),
    time: z.strictObject({ from: z.string(), to: z.string() }),
    refresh: z.string(),
    timezone: z.literal('browser'),
    annotations: z.strictObject({ list: z.array(z.never()) }),
    links: z.array(z.never()),
    templating: z.strictObject({ list: z.array(Variable) }),
    panels: z.array(Panel).min(1),
  })
  .superRefine(({ panels, templating }, context) => {
    const say = (message: string): void => context.addIssue({ code: 'custom', message });
    const ids = panels.map(({ id }) => id);
    if (new Set(ids).size !== ids.length) say('two panels have one id');
    for (const [index, { title, gridPos: a, targets }] of panels.entries()) {
      if (a.x + a.w > 24) say(`${title} is wider than the grid`);
      for (const { title: other, gridPos: b } of panels.slice(index + 1))
        if (a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h) say(`${title} covers ${other}`);
      const refs = targets.map(({ refId }) => refId);
      if (new Set(refs).size !== refs.length) say(`${title}: two targets have one refId`);
    }
    const names = new Set(['__rate_interval', ...templating.list.map(({ name }) => name)]);
    for (const [, name] of JSON.stringify(panels).matchAll(/\$\{?(\w+)/g))
      if (!names.has(name!)) say(`nothing sets the variable ${name}`);
  });

/** A file's dashboard. */
export function dashboardOf(text: string): z.infer<typeof DashboardFile> {
  const { data } = parse(text) as { data: Readonly<Record<string, string>> };
  return DashboardFile.parse(JSON.parse(Object.values(data)[0]!));
}
