import { expect, test } from 'vitest';
import { cyclicDependsOn } from './cyclic-depends-on.js';
import { findingsOf } from './testing.js';
import { cluster, kustomization, release } from './testing-cluster.js';

/** Below `flux-system/apps`, each with its spec's lines and what it applies. */
const apps = (
  specs: Readonly<Record<string, string>>,
  { objects = {}, root = '' }: { objects?: Readonly<Record<string, string>>; root?: string } = {},
) =>
  cluster(
    Object.fromEntries(
      Object.entries(specs).flatMap(([name, spec]) => [
        [`apps/${name}.yaml`, kustomization(name, `./${name}`, spec)],
        [`${name}/objects.yaml`, objects[name] ?? ''],
      ]),
    ),
    root,
  );

const dependsOn = (...names: readonly string[]) =>
  `  dependsOn:\n${names.map((name) => `    - name: ${name}\n`).join('')}`;
const messages = (files: Readonly<Record<string, string>>) =>
  findingsOf(cyclicDependsOn, files).map(({ subject, message }) => `${subject} ${message}`);

test('a circle of three is said once, with its way', () => {
  expect(
    findingsOf(cyclicDependsOn, apps({ a: dependsOn('b'), b: dependsOn('c'), c: dependsOn('a'), d: dependsOn('a') })),
  ).toEqual([
    {
      at: 'apps/a.yaml:15:7',
      subject: 'Kustomization flux-system/a',
      message:
        'waits for itself and never goes on: it depends on Kustomization flux-system/b, which depends on Kustomization flux-system/c, which depends on Kustomization flux-system/a; take one of these away',
      related: [
        'apps/b.yaml:15:7 Kustomization flux-system/b depends on Kustomization flux-system/c',
        'apps/c.yaml:15:7 Kustomization flux-system/c depends on Kustomization flux-system/a',
      ],
    },
  ]);
});

test.each([
  [
    'on itself',
    apps({ a: dependsOn('a') }),
    'Kustomization flux-system/a waits for itself and never goes on: it depends on Kustomization flux-system/a; take one of these away',
  ],
  [
    'on a parent that waits for it',
    apps({ a: dependsOn('apps') }, { root: '  wait: true\n' }),
    'Kustomization flux-system/a waits for itself and never goes on: it depends on Kustomization flux-system/apps, which waits for the health of Kustomization flux-system/a; take one of these away',
  ],
  [
    'of a parent on its child',
    apps({ a: '' }, { root: dependsOn('a') }),
    'Kustomization flux-system/apps waits for itself and never goes on: it depends on Kustomization flux-system/a, which is applied by Kustomization flux-system/apps; take one of these away',
  ],
  [
    'of releases',
    apps(
      { a: '' },
      {
        objects: {
          a: ['x', 'y']
            .map((name) =>
              release(name, '1.0.0', 'a: 1\n').replace(
                '  interval',
                `  dependsOn: [{ name: ${name === 'x' ? 'y' : 'x'} }]\n  interval`,
              ),
            )
            .join('---\n'),
        },
      },
    ),
    'HelmRelease default/x waits for itself and never goes on: it depends on HelmRelease default/y, which depends on HelmRelease default/x; take one of these away',
  ],
])('%s', (_, files, message) => {
  expect(messages(files)).toEqual([message]);
});

test.each([
  ['on a parent that does not wait', apps({ a: dependsOn('apps') })],
  ['a diamond', apps({ a: dependsOn('b', 'c'), b: dependsOn('d'), c: dependsOn('d'), d: '' })],
  ['a root that applies itself, and waits', { 'apps/root.yaml': kustomization('root', './apps', '  wait: true\n') }],
  [
    'roots that apply each other',
    { 'a/b.yaml': kustomization('b', './b'), 'b/a.yaml': kustomization('a', './a', dependsOn('b')) },
  ],
])('silent: %s', (_, files) => {
  expect(messages(files)).toEqual([]);
});
