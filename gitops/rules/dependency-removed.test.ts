import { expect, test } from 'vitest';
import { dependencyRemoved } from './dependency-removed.js';
import { changeFindingsOf } from './testing.js';
import { cluster, kustomization, release } from './testing-cluster.js';

type Files = Readonly<Record<string, string>>;

const claim = `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: default }
spec: { storageClassName: ceph-block }
`;
const depends = (...names: readonly string[]): string =>
  names.length === 0 ? '' : `  dependsOn:\n${names.map((name) => `    - name: ${name}\n`).join('')}`;
const tree = (spec: string, more: Files = {}): Files => ({
  ...cluster({ 'apps/claim.yaml': claim }, spec),
  'ceph.yaml': kustomization('ceph', './ceph'),
  'ceph/release.yaml': release('rook-ceph-cluster', 'v1.17.5', 'a: 1\n'),
  'other.yaml': kustomization('other', './other'),
  'other/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
  ...more,
});
const change = (before: Files, after: Files): readonly string[] =>
  changeFindingsOf(dependencyRemoved, before, after).map(
    ({ at, severity = 'warning', message }) => `${at} ${severity}: ${message}`,
  );

test('a comment that is left is pointed at, and what is still used is named', () => {
  const after = '  dependsOn:\n    - name: other\n    # - name: ceph # TODO\n';
  expect(changeFindingsOf(dependencyRemoved, tree(depends('other', 'ceph')), tree(after))).toEqual([
    {
      at: 'cluster.yaml:16:5',
      subject: 'Kustomization flux-system/apps',
      message:
        'no longer depends on flux-system/ceph (the entry is now a comment), and yet uses StorageClass ceph-block of it; put it back, or say in the commit why it goes, and until when',
    },
  ]);
});

test('without a trace, and without a visible use', () => {
  expect(change(tree(depends('ceph', 'other')), tree(''))).toEqual([
    'cluster.yaml:6:1 warning: no longer depends on flux-system/ceph (no trace of it is left), and yet uses StorageClass ceph-block of it; put it back, or say in the commit why it goes, and until when',
    'cluster.yaml:6:1 info: no longer depends on flux-system/other (no trace of it is left), which is still there, though no file shows what it uses of it; put it back, or say in the commit why it goes, and until when',
  ]);
});

test('what Rook makes needs its cluster, and a Secret that nothing else makes comes from the store', () => {
  const files = (spec: string): Files =>
    tree(spec, {
      'apps/store.yaml':
        'apiVersion: ceph.rook.io/v1\nkind: CephObjectStore\nmetadata: { name: s3, namespace: default }\n',
      'apps/pod.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: { name: a, namespace: default }\nspec: { volumes: [{ secret: { secretName: db } }] }\n',
      'other/release.yaml': release('external-secrets', '0.17.0', 'a: 1\n'),
    });
  const messages = change(files(depends('ceph', 'other')), files(''));
  expect(messages[0]).toContain(
    'and yet uses StorageClass ceph-block and the CephCluster, for CephObjectStore default/s3 of it',
  );
  expect(messages[1]).toContain('and yet uses Secret default/db (nothing else makes it) of it');
});

test('the S3 gateway of an object store, by its host', () => {
  const files = (spec: string): Files =>
    tree(spec, {
      'apps/claim.yaml': '',
      'apps/settings.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: s3, namespace: default }\ndata: { a: "http://rook-ceph-rgw-store.default.svc:80", b: "http://rook-ceph-rgw-store.elsewhere.svc" }\n',
      'other/a.yaml':
        'apiVersion: ceph.rook.io/v1\nkind: CephObjectStore\nmetadata: { name: store, namespace: elsewhere }\n',
    });
  expect(
    change(files(depends('ceph', 'other')), files('')).map((line) => /and yet uses .* of it/.exec(line)?.[0]),
  ).toEqual([
    'and yet uses the S3 gateway rook-ceph-rgw-store.default of it',
    'and yet uses the S3 gateway rook-ceph-rgw-store.elsewhere of it',
  ]);
});

test.each<[string, Files, Files]>([
  [
    'it comes through another one anyway',
    tree(depends('ceph', 'other'), { 'other.yaml': kustomization('other', './other', depends('ceph')) }),
    tree(depends('other'), { 'other.yaml': kustomization('other', './other', depends('ceph')) }),
  ],
  ['it led nowhere', tree(depends('nowhere')), tree('')],
  ['it is gone for everybody', tree(depends('ceph')), { ...tree(''), 'ceph.yaml': '' }],
  [
    'it is written otherwise, which others judge',
    tree(depends('ceph')),
    tree('  dependsOn: [{ name: ceph, namespace: storage }]\n'),
  ],
  ['one that comes', tree(''), tree(depends('ceph'))],
])('silent: %s', (_, before, after) => {
  expect(change(before, after)).toEqual([]);
});

test('of a HelmRelease', () => {
  const files = (spec: string): Files =>
    cluster({
      'apps/a.yaml': release('web', '1.0.0', 'a: 1\n').replace('  values:\n', `${spec}  values:\n`),
      'apps/b.yaml': release('db', '1.0.0', 'a: 1\n'),
    });
  expect(change(files('  dependsOn: [{ name: db }]\n'), files(''))).toEqual([
    'apps/a.yaml:6:1 info: no longer depends on HelmRelease default/db, which is still there; put it back, or say in the commit why it goes, and until when',
  ]);
});
