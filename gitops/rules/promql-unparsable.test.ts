import { expect, test } from 'vitest';
import { promqlUnparsable } from './promql-unparsable.js';
import { findingsOf } from './testing.js';
import { cluster, release } from './testing-cluster.js';

const rules = (expr: string): Readonly<Record<string, string>> =>
  cluster({
    'apps/rules.yaml': `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: nodes, namespace: monitoring }
spec:
  groups:
    - name: nodes
      rules:
        - record: nodes:ready
          expr: sum(kube_node_status_condition)
        - alert: NodeDown
          expr: ${expr}
`,
  });

test('an expression that does not parse: at its place, with the rule and what comes of it', () => {
  expect(findingsOf(promqlUnparsable, rules('sum by node (up) == 0'))).toEqual([
    {
      at: 'apps/rules.yaml:11:11',
      subject: 'PrometheusRule monitoring/nodes',
      message:
        'alert NodeDown: its expr is no PromQL from "node (up) == 0" on; the webhook of the Prometheus operator refuses the whole object and Flux all beside it, and without a webhook Prometheus loads none of its rules: correct the expression',
    },
  ]);
});

test.each([
  ['up == 0'],
  ['1'],
  ['up == ${limit}'],
  [`'sum by (app) (rate({app="web"} |= "error" [5m])) > 1'`],
  [`'up{job=~"a|b"} == 0'`],
])('silent: %s', (expr) => {
  expect(findingsOf(promqlUnparsable, rules(expr))).toEqual([]);
});

test('rules that a chart makes of its values', () => {
  const values = `additionalPrometheusRulesMap:
  oom:
    groups:
      - name: oom
        rules:
          - alert: OomKilled
            expr: rate(container_oom_events_total) > 0
`;
  const files = cluster({ 'apps/release.yaml': release('kube-prometheus-stack', '72.9.1', values) });
  expect(
    findingsOf(promqlUnparsable, files).map(({ at, subject, message }) => [at, subject, message.split(';')[0]]),
  ).toEqual([
    [
      'apps/release.yaml:23:17',
      'HelmRelease default/kube-prometheus-stack',
      'alert OomKilled: its expr is no PromQL: rate takes a range such as [5m], and has none',
    ],
  ]);
});

test('silent: rules that nothing applies', () => {
  const text = Object.values(rules('sum('))[1]!;
  expect(findingsOf(promqlUnparsable, { ...cluster({}), 'apps/x.yaml': 'a: 1', 'docs/rules.yaml': text })).toEqual([]);
});
