import { describe, expect, test } from 'vitest';
import { objectPruned } from './object-pruned.js';
import { changeFindingsOf } from './testing.js';
import { cluster, kustomization, release } from './testing-cluster.js';

type Files = Readonly<Record<string, string>>;

const object = (kind: string, name: string, metadata = ''): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: default${metadata} }\n`;
const goes = (before: Files, after: Files) => changeFindingsOf(objectPruned, before, after);
/** `apps` applies `child`, which applies what is in `child/`. */
const parent = (child: string, ...files: readonly string[]): Files =>
  cluster({
    'apps/stays.yaml': object('ConfigMap', 'stays'),
    ...(child === '' ? {} : { 'apps/child.yaml': child }),
    ...Object.fromEntries(files.map((text, index) => [`child/${index}.yaml`, text])),
  });
const child = (spec = ''): string => kustomization('child', './child', spec);

test('all that one Kustomization deletes, the worst first', () => {
  const files = {
    'apps/stays.yaml': object('ConfigMap', 'stays'),
    'apps/a.yaml': object('ConfigMap', 'a'),
    'apps/b.yaml': object('PersistentVolumeClaim', 'data'),
    'apps/c.yaml': release('web', '1.0.0', 'a: 1\n'),
  };
  expect(goes(cluster(files), cluster({ 'apps/stays.yaml': files['apps/stays.yaml'] }))).toEqual([
    {
      at: 'cluster.yaml:9:3',
      subject: 'Kustomization flux-system/apps',
      message:
        'does not apply PersistentVolumeClaim default/data, HelmRelease default/web and ConfigMap default/a any more, and Flux deletes them from the cluster: its data go with it, where the volume is not retained, and Helm uninstalls what it brought; if they are to stay, give them the annotation kustomize.toolkit.fluxcd.io/prune: disabled in a commit before',
    },
  ]);
});

test('what nothing hangs on is information', () => {
  const before = cluster({ 'apps/stays.yaml': object('ConfigMap', 'stays'), 'apps/a.yaml': object('ConfigMap', 'a') });
  expect(goes(before, cluster({ 'apps/stays.yaml': object('ConfigMap', 'stays') }))).toMatchObject([
    {
      severity: 'info',
      message: expect.stringMatching(/^does not apply ConfigMap default\/a any more, .* it is to stay/),
    },
  ]);
});

test('a Kustomization that goes takes along what it applied', () => {
  const [finding, ...others] = goes(parent(child(), object('Namespace', 'own')), parent(''));
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    at: 'cluster.yaml:9:3',
    message: expect.stringMatching(/^does not apply Namespace own and Kustomization flux-system\/child any more/),
  });
});

describe('silent', () => {
  const claim = object('PersistentVolumeClaim', 'data');
  const without = parent(child(), object('ConfigMap', 'a'));
  const withClaim = (text = claim, spec = ''): Files => parent(child(spec), object('ConfigMap', 'a'), text);

  test.each([
    [
      'what is marked to stay',
      withClaim(
        object('PersistentVolumeClaim', 'data', ', annotations: { kustomize.toolkit.fluxcd.io/prune: disabled }'),
      ),
      without,
    ],
    ['without prune', withClaim(), parent(child().replace('prune: true', 'prune: false'), object('ConfigMap', 'a'))],
    ['what moves to another Kustomization', withClaim(), { ...without, 'apps/data.yaml': claim }],
    [
      'a build that fails',
      withClaim(),
      { ...without, 'child/kustomization.yaml': 'resources: [./0.yaml, ./none.yaml]\n' },
    ],
    [
      'what a remote base may bring now',
      withClaim(),
      { ...without, 'child/kustomization.yaml': 'resources: [./0.yaml, https://example.com/a.yaml]\n' },
    ],
    ['what was applied by hand', { ...cluster({ 'apps/a.yaml': claim }) }, {}],
    ['a change of it', withClaim(), withClaim(object('PersistentVolumeClaim', 'data', ', labels: { a: b }'))],
  ])('%s', (_, before, after) => {
    expect(goes(before, after)).toEqual([]);
  });

  test('of what a Kustomization leaves behind by its deletionPolicy', () => {
    const before = withClaim(claim, '  deletionPolicy: Orphan\n');
    expect(goes(before, parent('')).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^does not apply Kustomization flux-system\/child any more/),
    ]);
  });
});

test('a generated name that only has another hash is the same object', () => {
  const generated = (value: string): Files =>
    cluster({
      'apps/kustomization.yaml': `configMapGenerator: [{ name: a, namespace: default, literals: [a=${value}] }]\n`,
    });
  expect(goes(generated('1'), generated('2'))).toEqual([]);
});
