/** An expression of an alert or a recording rule that Prometheus does not understand: nothing beside it is loaded. */
import { fieldOf, fieldsOf, itemsOf, textOf, valueAt } from '../manifests/fields.js';
import { isKnown, objectText } from '../manifests/object-id.js';
import type { Origin } from '../manifests/origin.js';
import { byPlace } from '../lint/about-objects.js';
import type { FindingDraft } from '../lint/finding.js';
import type { Rule } from '../lint/rule.js';
import type { Repository } from '../model/repository.js';
import { promqlProblem } from '../promql/read-promql.js';
import type { YamlPath } from '../yaml/yaml-file.js';

export const promqlUnparsable: Rule = {
  id: 'promql-unparsable',
  severity: 'error',
  summary: 'The expression of an alert or a recording rule is no PromQL.',
  layer: 'schema',
  *check(repository) {
    for (const { items } of byPlace([...expressionsOf(repository)], ({ origin }) => origin.place)) {
      const found = judge(items[0]);
      if (found) yield found;
    }
  },
};

interface Expression {
  readonly subject: string;
  /** `alert NodeDown`, `record slo:api:total`. */
  readonly rule: string;
  readonly text: string;
  readonly origin: Origin;
}

/** Of PrometheusRules that are applied, and of those that a release's values have the chart make. */
function* expressionsOf({ flux }: Repository): Iterable<Expression> {
  for (const { id, composed } of flux.objects)
    if (id.kind === 'PrometheusRule' && id.group === 'monitoring.coreos.com')
      yield* ofGroups(objectText(id), composed.value, ['spec', 'groups'], (path) => composed.origin(path));
  for (const { id, chart, values } of flux.helmReleases) {
    if (chart?.name !== 'kube-prometheus-stack') continue;
    const map = 'additionalPrometheusRulesMap';
    for (const name of Object.keys(fieldsOf(fieldOf(values.value, map))))
      yield* ofGroups(objectText(id), values.value, [map, name, 'groups'], (path) => values.origin(path));
  }
}

function* ofGroups(
  subject: string,
  value: unknown,
  path: YamlPath,
  originOf: (path: YamlPath) => Origin,
): Iterable<Expression> {
  for (const [groupIndex, group] of itemsOf(valueAt(value, path)).entries())
    for (const [index, rule] of itemsOf(fieldOf(group, 'rules')).entries()) {
      const text = textOf(fieldOf(rule, 'expr'));
      if (text === undefined) continue;
      const kind = fieldOf(rule, 'record') === undefined ? 'alert' : 'record';
      yield {
        subject,
        rule: `${kind} ${textOf(fieldOf(rule, kind)) ?? `${groupIndex}.${index}`}`,
        text,
        origin: originOf([...path, groupIndex, 'rules', index, 'expr']),
      };
    }
}

function judge({ subject, rule, text, origin }: Expression): FindingDraft | undefined {
  // A variable that only the cluster knows, and rules for Loki, which takes the same kind of object.
  if (!isKnown(text) || isLogql(text)) return undefined;
  const problem = promqlProblem(text);
  return (
    problem && {
      at: origin.place,
      subject,
      message: `${rule}: its expr ${problem.message}; the webhook of the Prometheus operator refuses the whole object and Flux all beside it, and without a webhook Prometheus loads none of its rules: correct the expression`,
      key: rule,
    }
  );
}

/** PromQL has no `|` outside of strings; LogQL has it in every filter and parser. */
function isLogql(text: string): boolean {
  return text.replaceAll(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'|`[^`]*`/g, '').includes('|');
}
