import { describe, expect, test } from 'vitest';
import { missingReadiness } from './missing-readiness.js';
import { findingsOf } from './testing.js';
import { cluster, kustomization, release } from './testing-cluster.js';

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

describe('what would never be ready is not advised to be waited for', () => {
  const needy =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: d, namespace: default }\nspec: { template: { spec: { containers: [{ name: c, envFrom: [{ secretRef: { name: s } }] }] } } }\n';
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: default }\n';
  const claim = 'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: c, namespace: default }\nspec: {}\n';
  const other = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: other, namespace: default }\n';

  test.each([
    ['all of it needs what comes later', { 'a/a.yaml': needy, 'b/b.yaml': secret }],
    ['it is a claim that nothing mounts', { 'a/a.yaml': claim }],
  ])('silent: %s', (_, files) => {
    expect(findingsOf(missingReadiness, { ...apps('', 'b'), ...files })).toEqual([]);
  });

  test('what is suspended is not ready before it goes on', () => {
    const suspended = release('web', '1.0.0', 'a: 1\n').replace('  interval', '  suspend: true\n  interval');
    expect(findingsOf(missingReadiness, { ...apps('', 'b'), 'a/a.yaml': suspended })).toEqual([]);
    const both = { ...apps('', 'b'), 'a/a.yaml': suspended, 'a/b.yaml': other };
    expect(findingsOf(missingReadiness, both)[0]?.message).toContain(
      '; list what must be healthy in healthChecks, without HelmRelease default/web, which is suspended, and not ready before it goes on; wait: true would wait for it',
    );
  });

  test.each([
    ['Deployment default/d', { 'a/a.yaml': needy, 'a/b.yaml': other, 'b/b.yaml': secret }],
    ['PersistentVolumeClaim default/c', { 'a/a.yaml': claim, 'a/b.yaml': other }],
  ])('the others can be listed: without %s', (object, files) => {
    expect(findingsOf(missingReadiness, { ...apps('', 'b'), ...files })[0]?.message).toContain(
      `; list what must be healthy in healthChecks, without ${object}, which is never ready before this one is; wait: true would wait for it`,
    );
  });
});
