import { expect, test } from 'vitest';
import { missingReadiness } from './missing-readiness.js';
import { findingsOf } from './testing.js';
import { cluster, kustomization } from './testing-cluster.js';

const apps = (spec: string, ...dependents: readonly string[]) =>
  cluster(
    {
      'apps/a.yaml': kustomization('a', './a', spec),
      'a/a.yaml': '',
      ...Object.fromEntries(
        dependents.flatMap((name) => [
          [`apps/${name}.yaml`, kustomization(name, `./${name}`, '  wait: true\n  dependsOn: [{ name: a }]\n')],
          [`${name}/${name}.yaml`, ''],
        ]),
      ),
    },
    '  wait: true\n',
  );

test('who depends on it goes on too soon', () => {
  expect(findingsOf(missingReadiness, apps('  wait: false\n', 'b', 'c'))).toEqual([
    {
      at: 'apps/a.yaml:14:3',
      subject: 'Kustomization flux-system/a',
      message:
        'has neither wait: true nor healthChecks: it is Ready as soon as it is applied, whether it works or not, and flux-system/b and flux-system/c, which depend on it, go on before it does; set wait: true, or list what must be healthy in healthChecks',
    },
  ]);
});

test('where nothing depends on it, it is information', () => {
  expect(findingsOf(missingReadiness, apps(''))).toMatchObject([{ at: 'apps/a.yaml:6:1', severity: 'info' }]);
});

test('expressions alone check nothing', () => {
  const spec = '  healthCheckExprs: [{ apiVersion: a/v1, kind: A, current: "true" }]\n';
  expect(findingsOf(missingReadiness, apps(spec))[0]?.message).toContain('healthCheckExprs alone are never evaluated');
});

test.each(['  wait: true\n', '  healthChecks: [{ apiVersion: v1, kind: Pod, name: a }]\n'])('silent: %s', (spec) => {
  expect(findingsOf(missingReadiness, apps(spec, 'b'))).toEqual([]);
});
