import { expect, test } from 'vitest';
import { referenceBroken } from './reference-broken.js';
import { changeFindingsOf } from './testing.js';
import { cluster, kustomization } from './testing-cluster.js';

type Files = Readonly<Record<string, string>>;

const other: Files = { 'other.yaml': kustomization('other', './apps', '', 'storage') };
const depends = (reference: string): Files => ({
  ...cluster({ 'apps/a.yaml': '' }, `  dependsOn: [${reference}]\n`),
  ...other,
});

test('a reference that was rewritten', () => {
  const before = depends('{ name: other, namespace: storage }');
  expect(changeFindingsOf(referenceBroken, before, depends('{ name: other }'))).toEqual([
    {
      at: 'cluster.yaml:14:17',
      subject: 'Kustomization flux-system/apps',
      message:
        'this change breaks a reference that was right: before it named Kustomization storage/other, which is still there, and now Kustomization flux-system/other, which nothing provides; put the old one back',
      related: ['other.yaml:1:1 provided it, before the change'],
    },
  ]);
});

const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: { name: a, namespace: default }\nspec: { volumes: [{ configMap: { name: files } }] }\n';
const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: files, namespace: default }\n';

test('what it refers to was removed', () => {
  const before = cluster({ 'apps/a.yaml': pod, 'apps/b.yaml': configMap });
  const after = cluster({ 'apps/a.yaml': pod });
  expect(
    changeFindingsOf(referenceBroken, before, after).map(({ at, subject, message }) => `${at} ${subject} ${message}`),
  ).toEqual([
    'apps/a.yaml:4:34 Pod default/a this change removes what it refers to: ConfigMap default/files was provided before, and nothing provides it now; keep it, or take the reference away with it',
  ]);
});

test.each<[string, Files, Files]>([
  ['it led nowhere before', depends('{ name: other, namespace: nowhere }'), depends('{ name: other }')],
  ['another name, which is new', depends('{ name: other, namespace: storage }'), depends('{ name: new }')],
  ['still right', depends('{ name: other, namespace: storage }'), depends('{ namespace: storage, name: other }')],
  [
    'optional',
    cluster({ 'apps/a.yaml': pod.replace('name: files', 'name: files, optional: true'), 'apps/b.yaml': configMap }),
    cluster({ 'apps/a.yaml': pod.replace('name: files', 'name: files, optional: true') }),
  ],
  ['both go', cluster({ 'apps/a.yaml': pod, 'apps/b.yaml': configMap }), cluster({ 'apps/c.yaml': '' })],
])('silent: %s', (_, before, after) => {
  expect(changeFindingsOf(referenceBroken, before, after)).toEqual([]);
});
