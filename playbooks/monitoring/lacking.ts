/** What monitoring lacks, judged by what is applied, whoever wrote it. */
import type { AppliedObject } from '../../gitops/flux/flux-kustomization.js';
import { fieldOf, itemsOf, textOf, textsOf, valueAt } from '../../gitops/manifests/fields.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { Origin } from '../../gitops/manifests/origin.js';
import type { Repository } from '../../gitops/model/repository.js';
import { metricNames } from '../../gitops/promql/read-promql.js';
import { valuesPlace } from '../values-place.js';
import type { Parameters } from './parameters.js';
import { readSources, type Sources } from './sources.js';
import { findStack, type Stack, switchesOf } from './stack.js';

export function lacking(repository: Repository, parameters: Parameters): readonly string[] {
  const found = findStack(repository, parameters);
  if (found.status === 'none') return [found.why];
  const { stack } = found;
  const sources = readSources(repository, stack);
  const page = parameters.document;
  return [
    ...unloaded(stack),
    ...rulesLacking(repository, stack, sources),
    ...dashboardsLacking(repository, sources),
    ...(repository.tree.paths.includes(page) ? [] : [`${page}: is not there to say what is promised`]),
  ];
}

function unloaded({ release }: Stack): readonly string[] {
  return switchesOf(release)
    .filter((path) => valueAt(release.values.value, path) !== false)
    .map(
      (path) =>
        `${placeText(valuesPlace(release, path))} ${objectText(release.id)}: values.${path.join('.')} is not false, so Prometheus loads only what is labelled release: ${release.releaseName}`,
    );
}

/** Since Flux 2.1 an alert on them never fires. */
const gone: ReadonlySet<string> = new Set(['gotk_reconcile_condition', 'gotk_suspend_status']);

function rulesLacking(
  { flux: { objects, kustomizations } }: Repository,
  { release }: Stack,
  { flux }: Sources,
): readonly string[] {
  const isNew = kustomizations.some(({ id }) => id.version === 'v1');
  const rules = objects.filter(({ id }) => id.kind === 'PrometheusRule').flatMap(rulesOf);
  const subject = objectText(release.id);
  const isOnFlux = rules.some(
    ({ severity, metrics }) => severity === 'critical' && flux !== undefined && metrics.includes(flux.metric),
  );
  // Two windows: one says that it is bad enough, the other that it still is.
  const isOnBudget = rules.some(
    ({ severity, metrics }) => severity !== undefined && metrics.filter((name) => name.startsWith('slo:')).length > 1,
  );
  return [
    ...rules.flatMap(({ object, name, metrics, origin }) =>
      metrics
        .filter((metric) => isNew && gone.has(metric))
        .map(
          (metric) =>
            `${placeText(origin)} ${objectText(object.id)}: ${name} asks for ${metric}, which Flux has had no more since 2.1`,
        ),
    ),
    ...(flux && !isOnFlux ? [`${subject}: no critical alert asks for ${flux.metric}`] : []),
    ...(isOnBudget ? [] : [`${subject}: no alert asks for two windows of an slo: indicator`]),
  ];
}

interface WrittenRule {
  readonly object: AppliedObject;
  readonly name: string;
  /** Undefined for a recording rule, and an alert without. */
  readonly severity: string | undefined;
  readonly metrics: readonly string[];
  readonly origin: Origin;
}

function rulesOf(object: AppliedObject): readonly WrittenRule[] {
  const path = ['spec', 'groups'];
  return itemsOf(valueAt(object.composed.value, path)).flatMap((group, groupIndex) =>
    itemsOf(fieldOf(group, 'rules')).map((rule, index) => ({
      object,
      name: textOf(fieldOf(rule, 'alert')) ?? textOf(fieldOf(rule, 'record')) ?? `${groupIndex}.${index}`,
      severity: textOf(valueAt(rule, ['labels', 'severity'])),
      metrics: metricNames(textOf(fieldOf(rule, 'expr')) ?? ''),
      origin: object.composed.origin([...path, groupIndex, 'rules', index, 'expr']),
    })),
  );
}

/** Where nothing shows dashboards there is none to miss. */
function dashboardsLacking({ flux: { objects } }: Repository, { flux, grafana }: Sources): readonly string[] {
  if (!grafana) return [];
  const dashboards = objects.filter(
    ({ id, composed }) =>
      id.kind === 'ConfigMap' && textsOf(valueAt(composed.value, ['metadata', 'labels'])).has(grafana.label),
  );
  const texts = dashboards.map(({ composed }) => JSON.stringify(composed.at(['data']).value ?? ''));
  const shown = (...metrics: readonly string[]): boolean =>
    texts.some((text) => metrics.every((metric) => text.includes(metric)));
  const missing = (what: string): string => `no dashboard labelled ${grafana.label} shows ${what}`;
  return [
    ...dashboards.flatMap(({ id, composed, substitutions }) =>
      substitutions.length === 0
        ? []
        : [
            `${placeText(composed.root)} ${objectText(id)}: Flux would replace the variables of this dashboard; annotate it with kustomize.toolkit.fluxcd.io/substitute: disabled`,
          ],
    ),
    ...(flux && !shown(flux.metric) ? [missing(`the state of Flux, ${flux.metric}`)] : []),
    ...(shown('container_memory_working_set_bytes', 'container_cpu_usage_seconds_total')
      ? []
      : [missing('what containers use')]),
  ];
}

function placeText({ place: { file, line, column } }: Origin): string {
  return `${file}:${line}:${column}`;
}
