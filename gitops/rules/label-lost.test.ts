import { expect, test } from 'vitest';
import { labelLost } from './label-lost.js';
import { changeFindingsOf } from './testing.js';
import { cluster } from './testing-cluster.js';

const namespace = (metadata: string): Readonly<Record<string, string>> =>
  cluster({ 'apps/ns.yaml': `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: storage\n${metadata}` });
const change = (before: string, after: string): ReturnType<typeof changeFindingsOf> =>
  changeFindingsOf(labelLost, namespace(before), namespace(after));

test('pod security of a namespace says what comes of it', () => {
  const before = '  labels:\n    pod-security.kubernetes.io/enforce: privileged\n    team: a\n';
  expect(change(before, '  labels:\n    team: a\n')).toEqual([
    {
      at: 'apps/ns.yaml:5:3',
      subject: 'Namespace storage',
      message:
        "loses labels pod-security.kubernetes.io/enforce: privileged: the cluster's own default is in effect then, and pods that need more (host network, privileged) are refused when they are next made; keep it, or say in the commit why it goes",
      related: ['apps/ns.yaml:6:5 pod-security.kubernetes.io/enforce was here, before the change'],
    },
  ]);
});

test('what keeps an object from being deleted, and what nobody here knows', () => {
  const prune = '  annotations: { kustomize.toolkit.fluxcd.io/prune: disabled }\n';
  expect(change(prune, '')[0]?.message).toContain('Flux deletes it as soon as no file declares it any more');
  expect(change('  labels: { a: b, c: d }\n', '').map(({ severity, message }) => [severity, message])).toEqual([
    ['info', 'loses labels a: b and c: d; keep them, or say in the commit why they go'],
  ]);
});

test('a component that loses one is one finding for all namespaces', () => {
  const files = (label: string): Readonly<Record<string, string>> =>
    cluster({
      'apps/kustomization.yaml': 'resources: [one, two]\n',
      'apps/one/kustomization.yaml': 'namespace: one\ncomponents: [../../common]\n',
      'apps/two/kustomization.yaml': 'namespace: two\ncomponents: [../../common]\n',
      'common/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [ns.yaml]\n',
      'common/ns.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: { name: not-used, labels: { ${label} } }\n`,
    });
  expect(
    changeFindingsOf(labelLost, files('a: b, c: d'), files('a: b')).map(({ at, subject }) => `${at} ${subject}`),
  ).toEqual(['common/ns.yaml:3:29 Namespace one and Namespace two']);
});

test.each([
  ['a value that changes', '  labels: { a: b }\n', '  labels: { a: c }\n'],
  ['another prefix', '  labels: { team: b }\n', '  labels: { example.org/team: b }\n'],
  ['labels that come', '', '  labels: { a: b }\n'],
])('silent: %s', (_, before, after) => {
  expect(change(before, after)).toEqual([]);
});

test('silent: an object that goes', () => {
  expect(changeFindingsOf(labelLost, namespace('  labels: { a: b }\n'), cluster({ 'apps/x.yaml': '' }))).toEqual([]);
});

test('never shows the value of a telling name', () => {
  expect(change('  annotations: { example.org/api-key: hunter2 }\n', '')[0]?.message).toMatch(
    /^loses annotations example\.org\/api-key; /,
  );
});
