import { expect, test } from 'vitest';
import { settingRemoved } from './setting-removed.js';
import { changeFindingsOf } from './testing.js';
import { cluster, kustomization, release } from './testing-cluster.js';

const spec = (before: string, after: string): ReturnType<typeof changeFindingsOf> =>
  changeFindingsOf(settingRemoved, cluster({ 'apps/a.yaml': '' }, before), cluster({ 'apps/a.yaml': '' }, after));
const values = (before: string, after: string, version = '1.0.0'): ReturnType<typeof changeFindingsOf> =>
  changeFindingsOf(
    settingRemoved,
    cluster({ 'apps/a.yaml': release('web', '1.0.0', before) }),
    cluster({ 'apps/a.yaml': release('web', version, after) }),
  );

test('settings of a Kustomization', () => {
  expect(spec('  timeout: 10m\n  wait: true\n', '')).toEqual([
    {
      at: 'cluster.yaml:6:1',
      subject: 'Kustomization flux-system/apps',
      message:
        'loses spec.timeout and spec.wait without anything in their place; keep them, or say in the commit why they go',
    },
  ]);
});

test('what one patch gave to several is said once', () => {
  const children = ['a', 'b', 'c'].map((name) => kustomization(name, `./${name}`)).join('---\n');
  const timeouts = `  patches:
    - target: { kind: Kustomization }
      patch: |
        - { op: add, path: /spec/timeout, value: 10m }
`;
  const files = { 'apps/all.yaml': children, 'a/a.yaml': '', 'b/b.yaml': '', 'c/c.yaml': '' };
  const found = changeFindingsOf(settingRemoved, cluster(files, timeouts), cluster(files));
  expect(found.map(({ at, subject, message }) => ({ at, subject, message }))).toEqual([
    {
      at: 'apps/all.yaml:6:1',
      subject: 'Kustomization flux-system/a',
      message:
        'loses spec.timeout, like Kustomization flux-system/b and Kustomization flux-system/c, which had it from cluster.yaml:17 too, without anything in its place; keep it, or say in the commit why it goes',
    },
    {
      at: 'cluster.yaml:6:1',
      subject: 'Kustomization flux-system/apps',
      message: 'loses spec.patches without anything in its place; keep it, or say in the commit why it goes',
    },
  ]);
});

test('values of a release: resources matter more', () => {
  expect(values('a: { b: 1, c: 2 }\nx: { resources: { limits: { memory: 1Gi } } }\n', 'a: { c: 2 }\nx: {}\n')).toEqual([
    {
      at: 'apps/a.yaml:17:5',
      severity: 'info',
      subject: 'HelmRelease default/web',
      message: 'loses values.a.b without anything in its place; keep it, or say in the commit why it goes',
    },
    {
      at: 'apps/a.yaml:18:5',
      subject: 'HelmRelease default/web',
      message: 'loses values.x.resources without anything in its place; keep it, or say in the commit why it goes',
    },
  ]);
});

test('with a new version of the chart, that is said', () => {
  expect(values('a: 1\nb: 2\n', 'b: 2\n', '2.0.0')[0]?.message).toContain('while the chart goes from 1.0.0 to 2.0.0');
});

test.each([
  ['readiness the other way', '  wait: true\n', '  healthChecks: [{ kind: Deployment, name: a, namespace: b }]\n'],
  ['a default', '  wait: false\n', ''],
  ['what comes', '', '  timeout: 1m\n'],
  ['what changes', '  timeout: 1m\n', '  timeout: 2m\n'],
  ['dependencies, which have a rule of their own', '  dependsOn: [{ name: a }]\n', ''],
])('silent: %s', (_, before, after) => {
  expect(spec(before, after)).toEqual([]);
});

test.each([
  ['renamed', 'a: { old: 1 }\n', 'a: { new: 1 }\n'],
  ['moved', 'resources: { limits: {} }\n', 'web: { resources: { limits: {} } }\n'],
  ['switched off', 'web: { enabled: true, host: a }\nz: 1\n', 'web: { enabled: false }\nz: 1\n'],
  ['off before', 'web: { a: false, b: 1 }\n', 'web: { b: 1 }\n'],
  ['null, which takes a default away', 'web: { a: 1 }\n', 'web: { a: null }\n'],
])('silent: values %s', (_, before, after) => {
  expect(values(before, after)).toEqual([]);
});
