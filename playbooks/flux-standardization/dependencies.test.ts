import { describe, expect, test } from 'vitest';
import { cluster, kustomization, release } from '../../gitops/rules/testing-cluster.js';
import { carriedOut } from '../testing.js';
import { fluxStandardization } from './playbook.js';

type Files = Readonly<Record<string, string>>;

const complete = '  retryInterval: 2m\n  timeout: 10m\n  wait: true\n';
const one = (name: string, spec = '', namespace = 'apps') =>
  kustomization(name, `./${name}`, `${complete}${spec}`, namespace).replace('1h', '30m');
const dependsOn = (...names: readonly string[]) =>
  `  dependsOn:\n${names.map((name) => `    - { name: ${name} }\n`).join('')}`;

/** What becomes of the dependencies of `apps/*.yaml`: lines of files, and what is said of those that are left. */
function dependencies(files: Files) {
  const { changes, notes, steps, files: after } = carriedOut(fluxStandardization, cluster(files));
  const lines = Object.entries(changes).flatMap(([file, all]) =>
    file.startsWith('apps/') ? all.map((line) => `${file} ${line}`) : [],
  );
  const again = carriedOut(fluxStandardization, after).changes;
  return {
    lines,
    notes: notes.filter((note) => !note.includes('applies other')),
    steps: steps.filter((what) => /depend/i.test(what)),
    again,
  };
}

const storageClass = 'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: fast }\nprovisioner: x\n';
const claim =
  'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: data, namespace: apps }\nspec: { storageClassName: fast }\n';
const policy = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: p, namespace: apps }\n';
const definition = (plural: string) =>
  `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: ${plural} }\nspec: { group: example.com, names: { kind: Widget, plural: widgets } }\n`;
const widget = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w, namespace: apps }\n';

describe('what the reference graph shows is declared', () => {
  const uses = (provider: string, consumer: string, spec = ''): Files => ({
    'apps/disk.yaml': one('disk', '', 'disks'),
    'apps/web.yaml': one('web', spec),
    'disk/a.yaml': provider,
    'web/a.yaml': consumer,
  });

  test.each([
    ['a StorageClass', storageClass, claim, 'StorageClass fast'],
    [
      'a definition in a file',
      definition('widgets.example.com'),
      widget,
      'CustomResourceDefinition Widget.example.com',
    ],
    [
      'a definition of a chart',
      release('cilium', '1.17.0', 'a: 1\n'),
      policy,
      'CustomResourceDefinition CiliumNetworkPolicy.cilium.io',
    ],
  ])('%s', (_, provider, consumer, what) => {
    const { steps, lines, notes, again } = dependencies(uses(provider, consumer));
    expect(steps).toEqual([`Kustomization apps/web: dependsOn disks/disk, which brings the ${what} that it uses`]);
    expect(lines).toEqual([
      'apps/web.yaml +  dependsOn:',
      'apps/web.yaml +    - name: disk',
      'apps/web.yaml +      namespace: disks',
    ]);
    expect(notes).toEqual([]);
    expect(again).toEqual({});
  });

  test('not on what only watches it, where that is less critical', () => {
    const stack = (namespace: string): Files => ({
      'apps/stack.yaml': one('stack', '', 'monitoring').replace('30m', '15m'),
      'apps/web.yaml': one('web', '', namespace).replace('30m', namespace === 'cert-manager' ? '5m' : '30m'),
      'stack/a.yaml': release('kube-prometheus-stack', '72.9.1', '', undefined, 'monitoring'),
      'web/a.yaml': `apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: { name: m, namespace: ${namespace} }\n`,
    });
    const critical = dependencies(stack('cert-manager'));
    expect(critical.steps).toEqual([]);
    expect(critical.notes.filter((note) => note.includes('brings'))).toEqual([
      'Kustomization cert-manager/web: Kustomization monitoring/stack brings the CustomResourceDefinition PodMonitor.monitoring.coreos.com that it uses, and is less critical than what it watches, which would wait for it: no dependsOn; give these definitions a Kustomization of their own',
    ]);
    expect(dependencies(stack('media')).steps).toEqual([
      'Kustomization media/web: dependsOn monitoring/stack, which brings the CustomResourceDefinition PodMonitor.monitoring.coreos.com that it uses',
    ]);
  });

  test('a StorageClass that the values of a release name', () => {
    const values = 'persistence: { data: { type: persistentVolumeClaim, storageClass: fast } }\n';
    const { steps } = dependencies(uses(storageClass, release('app-template', '4.0.1', values)));
    expect(steps).toHaveLength(1);
  });

  test('a remote base of which it is known what it brings', () => {
    const remote = {
      'disk/kustomization.yaml':
        'resources: ["https://github.com/rancher/local-path-provisioner/deploy?ref=v0.0.31"]\n',
    };
    const files = { ...uses('', claim.replace('fast', 'local-path')), ...remote };
    expect(dependencies(files).steps).toEqual([
      'Kustomization apps/web: dependsOn disks/disk, which brings the StorageClass local-path that it uses',
    ]);
  });

  test.each([
    ['one that is declared', uses(storageClass, claim, '  dependsOn: [{ name: disk, namespace: disks }]\n')],
    [
      'one that is waited for by way of another',
      {
        ...uses(storageClass, claim, dependsOn('between')),
        'apps/between.yaml': one('between', '  dependsOn: [{ name: disk, namespace: disks }]\n'),
        'between/a.yaml': '',
      },
    ],
    ['what it brings itself', { ...uses('', claim), 'web/class.yaml': storageClass }],
    ['what nobody brings', uses('', claim)],
    ['what two bring', { ...uses(storageClass, claim), 'apps/other.yaml': one('other'), 'other/a.yaml': storageClass }],
    [
      'a Secret, which is retried until it is there',
      uses(
        'apiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: apps }\n',
        'apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: apps }\nspec: { containers: [{ name: a, envFrom: [{ secretRef: { name: s } }] }] }\n',
      ),
    ],
  ])('nothing of %s', (_, files) => {
    expect(dependencies(files).steps).toEqual([]);
  });

  test('nothing of what the parent brings, which has started when its child is there', () => {
    const files = { 'apps/class.yaml': storageClass, 'apps/web.yaml': one('web'), 'web/a.yaml': claim };
    expect(dependencies(files)).toMatchObject({ steps: [], notes: [] });
  });
});

describe('a provider that is suspended', () => {
  const suspended = (spec: string, more: Files = {}): Files => ({
    'apps/disk.yaml': one('disk', spec),
    'apps/web.yaml': one('web'),
    'disk/a.yaml': storageClass,
    'web/a.yaml': claim,
    ...more,
  });
  const note = (which: string) =>
    `Kustomization apps/web: Kustomization apps/disk brings the StorageClass fast that it uses, and ${which}: what depends on it would stop at the next commit; no dependsOn before it is resumed`;

  test('is not depended on: it stays at its revision, for which Flux would wait', () => {
    const files = suspended('  suspend: true\n');
    expect(dependencies(files)).toMatchObject({ steps: [], lines: [], notes: [note('is suspended')] });
    expect(dependencies(suspended('  suspend: false\n')).steps).toHaveLength(1);
  });

  test('by a patch of what applies it is not either', () => {
    const patch =
      'resources: [disk.yaml, web.yaml]\npatches:\n  - target: { name: disk }\n    patch: |\n      - { op: add, path: /spec/suspend, value: true }\n';
    const files = suspended('', { 'apps/kustomization.yaml': patch });
    expect(dependencies(files)).toMatchObject({ steps: [], notes: [note('is suspended')] });
  });

  test('nor is one that depends on such a one', () => {
    const files = suspended(dependsOn('between'), {
      'apps/between.yaml': one('between', dependsOn('base')),
      'apps/base.yaml': one('base', '  suspend: true\n'),
      'between/a.yaml': '',
      'base/a.yaml': '',
    });
    expect(dependencies(files)).toMatchObject({
      steps: [],
      notes: [note('waits for Kustomization apps/base, which is suspended')],
    });
  });

  test('what is suspended itself may depend on others', () => {
    const files = { ...suspended(''), 'apps/web.yaml': one('web', '  suspend: true\n') };
    expect(dependencies(files).steps).toHaveLength(1);
  });
});

describe('no circle', () => {
  const provider = (spec: string): Files => ({
    'apps/disk.yaml': one('disk', spec),
    'apps/web.yaml': one('web'),
    'disk/a.yaml': storageClass,
    'web/a.yaml': claim,
  });
  const note =
    'Kustomization apps/web: Kustomization apps/disk brings the StorageClass fast that it uses, and waits for it: no dependsOn';

  test('what waits for it is not waited for', () => {
    expect(dependencies(provider(dependsOn('web')))).toMatchObject({ steps: [], notes: [note] });
  });

  test('nor what waits for it by way of a dependency that is repaired at the same time', () => {
    const files = provider('  dependsOn: [{ name: web, namespace: flux-system }]\n');
    const { steps, notes } = dependencies(files);
    expect(steps).toEqual(['Kustomization apps/disk: set namespace: apps in a dependsOn that led nowhere']);
    expect(notes).toEqual([note]);
  });

  test('nor what waits for the health of something that applies it', () => {
    // `group` is ready when web is, and disk waits for group.
    const files = {
      'apps/group.yaml': one('group'),
      'apps/disk.yaml': one('disk', dependsOn('group')),
      'group/web.yaml': one('web'),
      'disk/a.yaml': storageClass,
      'web/a.yaml': claim,
    };
    expect(dependencies(files)).toMatchObject({ steps: [], notes: [note] });
  });

  test('two that use what the other brings: the first waits', () => {
    const files = {
      ...provider(''),
      'web/b.yaml': definition('widgets.example.com'),
      'disk/b.yaml': widget,
    };
    const { steps, notes } = dependencies(files);
    expect(steps).toHaveLength(1);
    expect(notes).toHaveLength(1);
  });

  test('a repair that would close one is left to a person', () => {
    const files = {
      'apps/a.yaml': one('a', dependsOn('b')),
      'apps/b.yaml': one('b', '  dependsOn: [{ name: a, namespace: flux-system }]\n'),
      'a/a.yaml': '',
      'b/a.yaml': '',
    };
    const { lines, notes } = dependencies(files);
    expect(lines).toEqual([]);
    expect(notes).toEqual([
      expect.stringMatching(
        /^Kustomization apps\/b depends on flux-system\/a, .*; left, since that one waits for it already$/,
      ),
    ]);
  });
});

describe('a dependency that leads nowhere', () => {
  const nowhere = (dependency: string, more: Files = {}): Files => ({
    'apps/web.yaml': one('web', `  dependsOn:\n    - name: ${dependency}\n`),
    'apps/disk.yaml': one('disk', '', 'disks'),
    'web/a.yaml': '',
    'disk/a.yaml': '',
    ...more,
  });

  test('is led to the one that can be meant', () => {
    expect(dependencies(nowhere('disk')).lines).toEqual(['apps/web.yaml +      namespace: disks']);
  });

  test('is left to a person where it is not plain what was meant', () => {
    const { lines, notes } = dependencies(nowhere('disk-ready'));
    expect(lines).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/^Kustomization apps\/web depends on apps\/disk-ready, which no/)]);
    const two = nowhere('disk', { 'apps/other.yaml': one('disk', '', 'other'), 'other/a.yaml': '' });
    expect(dependencies(two)).toMatchObject({ lines: [], notes: [expect.stringContaining('did you mean')] });
  });
});
