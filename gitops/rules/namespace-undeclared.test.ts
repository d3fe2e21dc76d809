import { expect, test } from 'vitest';
import { namespaceUndeclared } from './namespace-undeclared.js';
import { findingsOf } from './testing.js';
import { cluster, release } from './testing-cluster.js';

const configMap = (namespace: string, name = 'a') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n`;
const namespace = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n`;
const creating = (target: string, own = 'default') =>
  release('grafana', '1.0.0', 'a: 1\n', 'grafana', own).replace(
    '  interval',
    `  targetNamespace: ${target}\n  install: { createNamespace: true }\n  interval`,
  );

test('said once of each, where it is put there, with what Flux will say', () => {
  const files = cluster({
    'apps/kustomization.yaml': 'namespace: monitoring\nresources: [a.yaml, b.yaml]\n',
    'apps/a.yaml': configMap('x'),
    'apps/b.yaml': configMap('x', 'b'),
  });
  expect(findingsOf(namespaceUndeclared, files)).toMatchObject([
    {
      at: 'apps/kustomization.yaml:1:1',
      subject: 'Namespace monitoring',
      message:
        'no manifest declares it, and 2 objects of Kustomization flux-system/apps go there: Flux\'s dry run says namespaces "monitoring" not found and applies nothing beside them; declare it',
    },
  ]);
});

test('a name that is nearly one that is declared', () => {
  const files = cluster({ 'apps/a.yaml': configMap('monitorng'), 'apps/namespace.yaml': namespace('monitoring') });
  expect(findingsOf(namespaceUndeclared, files)[0]?.message).toContain('; did you mean monitoring');
});

test('what a release makes is there once it is installed', () => {
  const files = cluster({ 'apps/a.yaml': configMap('monitoring'), 'apps/grafana.yaml': creating('monitoring') });
  expect(findingsOf(namespaceUndeclared, files)).toMatchObject([
    {
      severity: 'info',
      message: expect.stringContaining('only HelmRelease default/grafana makes it (install.createNamespace)'),
    },
  ]);
});

test('a release cannot make the namespace that it stands in', () => {
  const files = cluster({ 'apps/grafana.yaml': creating('monitoring', 'monitoring') });
  expect(findingsOf(namespaceUndeclared, files)).toMatchObject([
    { subject: 'Namespace monitoring', message: expect.stringContaining('no manifest declares it') },
  ]);
});

test('the namespace that a release is to be installed into: only the installation fails', () => {
  const grafana = creating('monitoring').replace('createNamespace: true', 'createNamespace: false');
  expect(findingsOf(namespaceUndeclared, cluster({ 'apps/grafana.yaml': grafana }))).toMatchObject([
    {
      at: 'apps/grafana.yaml:7:3',
      subject: 'Namespace monitoring',
      message:
        'no manifest declares it, and HelmRelease default/grafana is to install its chart there: the installation fails with namespaces "monitoring" not found; declare it, or set install.createNamespace: true',
    },
  ]);
  const files = cluster({ 'apps/grafana.yaml': grafana, 'apps/x.yaml': configMap('monitoring') });
  expect(findingsOf(namespaceUndeclared, files)).toMatchObject([
    { at: 'apps/x.yaml:5:3', message: expect.stringContaining('and 1 object of Kustomization flux-system/apps goes') },
  ]);
});

test.each([
  ['declared', { 'apps/a.yaml': configMap('a'), 'apps/namespace.yaml': namespace('a') }],
  ['there in every cluster', { 'apps/a.yaml': configMap('kube-system'), 'apps/b.yaml': configMap('default') }],
  ['of the release alone that makes it', { 'apps/grafana.yaml': creating('monitoring') }],
  ['a variable', { 'apps/a.yaml': configMap('${NAMESPACE}') }],
  [
    'a remote base may bring it',
    { 'apps/a.yaml': configMap('a'), 'apps/kustomization.yaml': 'resources: [a.yaml, https://example.com/a.yaml]\n' },
  ],
])('silent: %s', (_, files) => {
  expect(findingsOf(namespaceUndeclared, cluster(files))).toEqual([]);
});
