/** Every expression that is written is PromQL, and asks for what somebody exports or a rule of it records. */
import { describe, expect, test } from 'vitest';
import { metricNames, promqlProblem } from '../../gitops/promql/read-promql.js';
import { kustomization, release } from '../../gitops/rules/testing-cluster.js';
import { carriedOut } from '../testing.js';
import { monitoring } from './playbook.js';
import { dashboardOf, expressionsOf, monitored, unoperated } from './testing.js';
import { knownMetrics } from './testing-metrics.js';

const everything = monitored('defaultRules: { create: false }\n', {
  'apps/kustomization.yaml': 'resources: [stack/ks.yaml, operator/ks.yaml, more/ks.yaml]\n',
  'apps/more/ks.yaml': kustomization('more', './apps/more/app'),
  'apps/more/app/ingress.yaml': release('ingress-nginx', '4.12.2', 'controller: { metrics: { enabled: true } }\n'),
  'apps/more/app/certs.yaml': release('cert-manager', '1.17.2', 'prometheus: { servicemonitor: { enabled: true } }\n'),
});

describe.each([
  ['with all that it knows', everything],
  ['by kube-state-metrics', unoperated('a: 1\n')],
])('%s', (_, files) => {
  const { files: after } = carriedOut(monitoring, files);
  const expressions = expressionsOf(after);

  test('parses', () => {
    expect(expressions.length).toBeGreaterThan(100);
    for (const { where, text } of expressions) expect(promqlProblem(text), `${where} is PromQL`).toBeUndefined();
  });

  test('asks for known metrics, and for what is recorded', () => {
    const recorded = new Set(expressions.map(({ where }) => where.split(' ')[1]!));
    const unknown = expressions.flatMap(({ where, text }) =>
      metricNames(text)
        .filter((name) => !knownMetrics.has(name) && !(name.startsWith('slo:') && recorded.has(name)))
        .map((name) => `${where}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  test('dashboards are as Grafana asks', () => {
    const dashboards = Object.entries(after).filter(([path]) => path.includes('dashboard-'));
    expect(dashboards).toHaveLength(3);
    const uids = dashboards.map(([, text]) => dashboardOf(text).uid);
    expect(new Set(uids).size).toBe(3);
  });
});

test('every metric of the list is asked for', () => {
  const asked = [everything, unoperated('a: 1\n')].flatMap((files) =>
    expressionsOf(carriedOut(monitoring, files).files).flatMap(({ text }) => metricNames(text)),
  );
  expect([...knownMetrics].filter((name) => !asked.includes(name))).toEqual([]);
});
