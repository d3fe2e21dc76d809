import { describe, expect, test } from 'vitest';
import { repositoryOf } from '../../gitops/model/testing.js';
import { cluster, kustomization, release } from '../../gitops/rules/testing-cluster.js';
import { carriedOut } from '../testing.js';
import { fluxStandardization } from './playbook.js';

type Files = Readonly<Record<string, string>>;

const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\n';
/** `apps/web` in a namespace, with the interval and more of its spec. */
const web = (namespace: string, interval: string, spec = '', more: Files = {}): Files =>
  cluster({
    'apps/web.yaml': kustomization('web', './web', spec, namespace).replace('1h', interval),
    'web/a.yaml': deployment,
    ...more,
  });

const changed = (files: Files, given: unknown = {}) => {
  const { changes, notes } = carriedOut(fluxStandardization, files, given);
  return { lines: changes['apps/web.yaml'] ?? [], notes: notes.filter((note) => note.includes('/web')), changes };
};
const timed = '  retryInterval: 2m\n  timeout: 10m\n';

test('what it lacks, beside what it belongs to; a convention that it follows is not written again', () => {
  expect(changed(web('media', '30m')).lines).toEqual(['+  retryInterval: 2m', '+  timeout: 10m', '+  wait: true']);
  expect(changed(web('media', '30m', `${timed}  wait: true\n`)).lines).toEqual([]);
  expect(changed(web('media', '30m', '  retryInterval: 7m\n  timeout: 7m\n  wait: true\n')).lines).toEqual([]);
});

describe('a time limit', () => {
  const withRelease = (spec: string, ofRelease: string): Files => {
    const slow = release('kube-prometheus-stack', '1.0.0', '').replace('  interval: 1h\n', `$&${ofRelease}`);
    return web('media', '30m', `  retryInterval: 2m\n${spec}`, { 'web/a.yaml': slow });
  };
  const limits = (files: Files) => changed(files).lines.filter((line) => line.includes('timeout'));

  test('is no shorter than those of the releases that it waits for', () => {
    expect(limits(withRelease('  timeout: 5m\n  wait: true\n', '  timeout: 12m\n'))).toEqual([
      '-  timeout: 5m',
      '+  timeout: 12m',
    ]);
    expect(limits(withRelease('  timeout: 5m\n', '')), 'what both get now').toEqual([
      '-  timeout: 5m',
      '+  timeout: 15m',
    ]);
    expect(limits(withRelease('', '  timeout: 20m\n'))).toEqual(['+  timeout: 20m']);
  });

  test('is left where it is long enough, and where nothing is waited for', () => {
    expect(limits(withRelease('  timeout: 20m\n  wait: true\n', '  timeout: 12m\n'))).toEqual([]);
    const named = '  healthChecks: [{ apiVersion: v1, kind: ConfigMap, name: a, namespace: media }]\n';
    expect(limits(withRelease(`  timeout: 5m\n${named}`, '  timeout: 12m\n'))).toEqual([]);
  });
});

describe('an interval', () => {
  const interval = (files: Files, given: unknown = {}) =>
    changed(files, given).lines.filter((line) => line.includes(' interval'));

  test.each([
    ['kube-system', '1h', '5m'],
    ['network', '5m', '15m'],
    ['media', '5m', '30m'],
  ])('in %s %s becomes %s', (namespace, before, after) => {
    expect(interval(web(namespace, before, `${timed}  wait: true\n`))).toEqual([
      `-  interval: ${before}`,
      `+  interval: ${after}`,
    ]);
  });

  test('any that the class accepts stays', () => {
    expect(interval(web('media', '1h', `${timed}  wait: true\n`))).toEqual([]);
  });

  describe('follows where the objects go, not where the Kustomization is', () => {
    const spec = `${timed}  wait: true\n`;
    const object = (kind: string, namespace: string, group = '') =>
      `apiVersion: ${group}v1\nkind: ${kind}\nmetadata: { name: ${kind.toLowerCase()}, namespace: ${namespace} }\n---\n`;
    const of = (...objects: readonly string[]): Files =>
      web('flux-system', '7m', spec, { 'web/a.yaml': objects.join('') });

    test.each([
      ['targetNamespace', web('media', '7m', `${spec}  targetNamespace: kube-system\n`), '5m'],
      [
        'the namespace of the folder',
        web('flux-system', '7m', spec, { 'web/kustomization.yaml': 'namespace: media\nresources: [a.yaml]\n' }),
        '30m',
      ],
      [
        'that of most objects',
        of(object('Service', 'network'), object('Service', 'media'), object('Pod', 'media')),
        '30m',
      ],
      ['of as many the first', of(object('Service', 'network'), object('Pod', 'media')), '15m'],
      [
        'where a release installs',
        of(release('web', '1.0.0', 'a: 1\n', 'web', 'flux-system').replace('spec:', 'spec:\n  targetNamespace: media')),
        '30m',
      ],
      [
        'not that of a source',
        of(
          object('HelmRepository', 'flux-system', 'source.toolkit.fluxcd.io/'),
          object('OCIRepository', 'flux-system', 'source.toolkit.fluxcd.io/'),
          object('Pod', 'media'),
        ),
        '30m',
      ],
      ['its own where nothing else says', of(object('Namespace', '')), '5m'],
    ])('%s', (_, files, after) => {
      expect(interval(files)).toEqual(['-  interval: 7m', `+  interval: ${after}`]);
      expect(
        fluxStandardization.lacks(repositoryOf(files), fluxStandardization.parameters.parse({}), 0).join(),
      ).toMatch(new RegExp(`interval 7m is not of class \\w+, which has ${after}`));
    });
  });

  test('and its timeout are the plan’s', () => {
    const classes = [{ name: 'all', intervals: ['7m'], timeout: '3m' }];
    expect(changed(web('media', '30m', '  wait: true\n'), { classes, retryInterval: '1m' }).lines).toEqual([
      '-  interval: 30m',
      '+  interval: 7m',
      '+  retryInterval: 1m',
      '+  timeout: 3m',
    ]);
  });
});

describe('readiness', () => {
  const checks = '  healthChecks: [{ apiVersion: apps/v1, kind: Deployment, name: a, namespace: default }]\n';

  test('healthChecks are one, healthCheckExprs alone are none, wait: false is set to true', () => {
    expect(changed(web('media', '30m', `${timed}${checks}`)).lines).toEqual([]);
    const exprs = '  healthCheckExprs: [{ apiVersion: a/v1, kind: A, current: "true" }]\n';
    expect(changed(web('media', '30m', `${timed}${exprs}`)).lines).toEqual(['+  wait: true']);
    expect(changed(web('media', '30m', `${timed}  wait: false\n`)).lines).toEqual(['-  wait: false', '+  wait: true']);
  });

  test('of one that applies others is left, and its interval, and said so', () => {
    const files = web('media', '99m', '', {
      'web/child.yaml': kustomization('child', './child', '', 'media'),
      'child/a.yaml': '',
    });
    const { lines, notes } = changed(files);
    expect(lines).toEqual(['+  retryInterval: 2m', '+  timeout: 10m']);
    expect(notes).toEqual([
      'Kustomization media/web: applies other Kustomizations, which say themselves when they are ready; its interval and readiness are left',
    ]);
  });

  test('is left where what it applies depends on what waits for it: nothing would ever be ready', () => {
    const dependent = release('web', '1.0.0', 'a: 1\n').replace(
      '  interval',
      '  dependsOn: [{ name: later, namespace: default }]\n  interval',
    );
    const files = web('media', '30m', timed, {
      'web/a.yaml': dependent,
      'apps/later.yaml': kustomization(
        'later',
        './later',
        `${timed}  wait: true\n  dependsOn: [{ name: web }]\n`,
        'media',
      ),
      'later/a.yaml': release('later', '1.0.0', 'a: 1\n'),
    });
    const { lines, notes } = changed(files);
    expect(lines).toEqual([]);
    expect(notes).toEqual([
      'Kustomization media/web: what it applies depends on what waits for it, so it cannot wait for that; its readiness is left',
    ]);
  });

  const claim = (spec: string) =>
    `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: data, namespace: default }\nspec: { ${spec} }\n`;
  const storageClass = (mode: string) =>
    `apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: fast }\nprovisioner: x\nvolumeBindingMode: ${mode}\n`;
  const running = (pod: string) =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a, namespace: default }\nspec: { template: { spec: { containers: [{ name: a${pod} }] } } }\n`;
  const mounting = `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: b, namespace: default }\nspec: { template: { spec: { containers: [{ name: b }], volumes: [{ name: v, persistentVolumeClaim: { claimName: data } }] } } }\n`;
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: default }\n';
  /** `web` with what it applies, and `later`, which depends on it or does not. */
  const before = (applied: string, later: string, isLater = true): Files =>
    web('media', '30m', timed, {
      'web/a.yaml': applied,
      'apps/class.yaml': storageClass('WaitForFirstConsumer'),
      'apps/later.yaml': kustomization(
        'later',
        './later',
        `${timed}  wait: true\n${isLater ? '  dependsOn: [{ name: web }]\n' : ''}`,
        'media',
      ),
      'later/a.yaml': later,
    });
  const circle =
    'Kustomization media/web: what it applies depends on what waits for it, so it cannot wait for that; its readiness is left';
  const late = claim('storageClassName: fast');

  test.each([
    ['a claim that is bound where the first Pod runs, which comes later', before(late, mounting)],
    ['a claim of the default class, which may be such a one', before(claim('a: 1'), mounting)],
    ['a Secret that comes later', before(running(', envFrom: [{ secretRef: { name: s } }]'), secret)],
    [
      'a Secret that an ExternalSecret makes later',
      before(
        running(', envFrom: [{ secretRef: { name: s } }]'),
        'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: s, namespace: default }\nspec: {}\n',
      ),
    ],
    [
      'a Secret that the values of a release name',
      before(release('postgresql', '1.0.0', 'auth: { existingSecret: s }\n'), secret),
    ],
    [
      'a claim of a release that comes later',
      before(release('web', '1.0.0', 'persistence: { existingClaim: data }\n'), claim('a: 1')),
    ],
  ])('is left where it would need %s', (_, files) => {
    const { lines, notes } = changed(files);
    expect(lines).toEqual([]);
    expect(notes).toEqual([circle]);
    const { files: after } = carriedOut(fluxStandardization, files);
    expect(fluxStandardization.lacks(repositoryOf(after), fluxStandardization.parameters.parse({}), 0)).toEqual([]);
  });

  test('is left where a claim is bound by its first Pod and none mounts it', () => {
    expect(changed(before(late, secret))).toMatchObject({
      lines: [],
      notes: [
        'Kustomization media/web: PersistentVolumeClaim default/data is bound only once a Pod mounts it, and nothing here does, so it cannot wait for that; its readiness is left',
      ],
    });
  });

  test('is left where a release is suspended, since Flux does not look at the health of that', () => {
    const suspended = release('web', '1.0.0', 'a: 1\n').replace('  interval', '  suspend: true\n  interval');
    const { lines, notes } = changed(web('media', '30m', timed, { 'web/a.yaml': suspended }));
    expect(lines).toEqual([]);
    expect(notes).toEqual([
      'Kustomization media/web: HelmRelease default/web is suspended, and not ready before it goes on, so it cannot wait for that; its readiness is left until it is resumed',
    ]);
  });

  test.each([
    ['what does without', before(running(', envFrom: [{ secretRef: { name: s, optional: true } }]'), secret)],
    ['what waits for nobody', before(running(', envFrom: [{ secretRef: { name: s } }]'), secret, false)],
    ['what it brings itself', before(`${running(', envFrom: [{ secretRef: { name: s } }]')}---\n${secret}`, secret)],
    ['a claim that it mounts itself', before(`${late}---\n${mounting}`, mounting)],
    ['a claim that names its volume', before(claim('volumeName: x'), mounting)],
    [
      'a claim of a class that binds at once',
      { ...before(late, mounting), 'apps/class.yaml': storageClass('Immediate') },
    ],
    [
      'a Job that is suspended, which counts as healthy',
      before('apiVersion: batch/v1\nkind: Job\nmetadata: { name: a }\nspec: { suspend: true }\n', secret),
    ],
  ])('is set with %s', (_, files) => {
    expect(changed(files).lines).toEqual(['+  wait: true']);
  });

  test('healthChecks that wait makes Flux ignore go where it waits for them anyway', () => {
    const { lines, notes } = changed(web('media', '30m', `${timed}  wait: true\n${checks}`));
    expect(lines).toEqual([`-${checks.trimEnd()}`]);
    expect(notes).toEqual([]);
  });

  test('and are left to a person where nothing waits for what they name', () => {
    const { lines, notes } = changed(
      web('media', '30m', `${timed}  wait: true\n${checks.replace('name: a', 'name: b')}`),
    );
    expect(lines).toEqual([]);
    expect(notes).toEqual([
      expect.stringMatching(
        /^Kustomization media\/web: wait: true makes Flux ignore .* nothing waits for Deployment default\/b/,
      ),
    ]);
  });
});

test('what a patch of the parent sets is left to a person', () => {
  const patch =
    'resources: [web.yaml]\npatches:\n  - target: { kind: Kustomization }\n    patch: |\n      - { op: add, path: /spec/interval, value: 1m }\n';
  const { lines, notes } = changed(web('media', '30m', `${timed}  wait: true\n`, { 'apps/kustomization.yaml': patch }));
  expect(lines).toEqual([]);
  expect(notes).toEqual([
    'Kustomization media/web: interval "30m": is set by a patch in apps/kustomization.yaml:5; change it there',
  ]);
});
