import { describe, expect, test } from 'vitest';
import { repositoryOf } from '../../gitops/model/testing.js';
import { kustomization, release } from '../../gitops/rules/testing-cluster.js';
import { carriedOut } from '../testing.js';
import { resourceLimits } from './playbook.js';

type Files = Readonly<Record<string, string>>;

/** `base` as dev and prod build it, each with lines of its own in its kustomization.yaml. */
const overlays = (base: string, { dev = '', prod = '' }: Files = {}, more: Files = {}): Files => {
  const overlay = (name: string, own: string): Files => ({
    [`flux/${name}.yaml`]: kustomization(name, `./${name}`),
    [`${name}/kustomization.yaml`]: `namespace: ${name}\nresources: [../base]\n${own}`,
  });
  return {
    'base/kustomization.yaml': 'resources: [app.yaml]\n',
    'base/app.yaml': base,
    ...overlay('dev', dev),
    ...overlay('prod', prod),
    ...more,
  };
};

const inlinePatch = (kind: string, spec: string): string =>
  `patches:\n  - patch: |\n      apiVersion: ${kind === 'Deployment' ? 'apps/v1' : 'helm.toolkit.fluxcd.io/v2'}\n      kind: ${kind}\n      metadata: { name: web }\n      spec: ${spec}\n`;

const deployment =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          image: a\n';
const ofContainer = (resources: string): string =>
  `{ template: { spec: { containers: [{ name: app, resources: ${resources} }] } } }`;

/** What it does to them; a second time it must do nothing. */
function changed(files: Files, usage: readonly unknown[] = []) {
  const { changes, notes, steps, files: after } = carriedOut(resourceLimits, files, {}, usage);
  expect(carriedOut(resourceLimits, after, {}, usage).changes).toEqual({});
  const page = after['docs/resources/analysis.md']!;
  const rows = page.split('\n').filter((line) => /^\| (dev|prod)\//.test(line));
  return { changes, notes, steps, rows, page, after };
}

const memories = (lines: readonly string[] = []) =>
  lines.flatMap((line) => (/^\+ *memory: (.*)$/.exec(line) ?? []).slice(1));

describe('a release that several build from one document', () => {
  const web = release('reloader', '2.0.0', 'a: 1\n', 'web').replace('  namespace: default\n', '');
  const used = (namespace: string, memoryMi: number) => ({
    namespace,
    pod: 'web-reloader-6c-x',
    container: 'reloader',
    cpuCores: 0.5,
    memoryBytes: memoryMi * 2 ** 20,
  });

  test.each([
    ['measured in dev first', [used('dev', 30), used('prod', 1024)]],
    ['measured in prod first', [used('prod', 1024), used('dev', 30)]],
  ])('gets what the largest of them needs, %s, and the page says so of each', (_, usage) => {
    const { changes, steps, rows } = changed(overlays(web), usage);
    expect(memories(changes['base/app.yaml'])).toEqual(['1024Mi', '1536Mi']);
    expect(steps.filter((step) => step.includes('values.'))).toHaveLength(1);
    expect(rows).toEqual([
      '| dev/web | `reloader.deployment.resources` | 500m | 1024Mi | 1536Mi | measured |',
      '| prod/web | `reloader.deployment.resources` | 500m | 1024Mi | 1536Mi | measured |',
    ]);
  });

  test('of what was measured in one of them alone each number is the larger one', () => {
    const { changes, rows } = changed(overlays(web), [{ ...used('prod', 90), cpuCores: 0 }]);
    expect(memories(changes['base/app.yaml'])).toEqual(['96Mi', '192Mi']);
    expect(rows[0]).toBe('| dev/web | `reloader.deployment.resources` | 10m | 96Mi | 192Mi | measured |');
  });

  test('one that has its own in a patch does not count', () => {
    const own = '{ requests: { cpu: 1, memory: 2Gi }, limits: { memory: 3Gi } }';
    const prod = inlinePatch('HelmRelease', `{ values: { reloader: { deployment: { resources: ${own} } } } }`);
    const { changes, notes, rows } = changed(overlays(web, { prod }), [used('dev', 30), used('prod', 1024)]);
    expect(memories(changes['base/app.yaml'])).toEqual(['32Mi', '64Mi']);
    expect(notes).toEqual([]);
    expect(rows).toEqual([
      '| dev/web | `reloader.deployment.resources` | 500m | 32Mi | 64Mi | measured |',
      '| prod/web | `reloader.deployment.resources` | 1 | 2Gi | 3Gi | kept |',
    ]);
  });

  test('is left where one of them has a limit of its own, below what the request would be', () => {
    const prod = inlinePatch(
      'HelmRelease',
      '{ values: { reloader: { deployment: { resources: { limits: { memory: 16Mi } } } } } }',
    );
    const { changes, notes, rows, page } = changed(overlays(web, { prod }));
    expect(changes['base/app.yaml']).toBeUndefined();
    const note =
      'HelmRelease dev/web of Kustomization flux-system/dev: values.reloader.deployment.resources is left: HelmRelease prod/web of Kustomization flux-system/prod is built from base/app.yaml too, and has limits.memory 16Mi of its own and no requests.memory';
    expect(notes).toContain(note);
    expect(page).toContain(`- ${note}\n`);
    expect(notes).toContainEqual(
      expect.stringMatching(/^HelmRelease prod\/web.* base\/app\.yaml too, and is left itself$/),
    );
    expect(rows).toEqual([
      '| dev/web | `reloader.deployment.resources` | – | – | – | left |',
      '| prod/web | `reloader.deployment.resources` | – | 16Mi | 16Mi | left |',
    ]);
  });

  test('is left where one of them takes values that the files do not show', () => {
    const prod = inlinePatch('HelmRelease', '{ valuesFrom: [{ kind: Secret, name: hidden }] }');
    const secret =
      'apiVersion: v1\nkind: Secret\nmetadata: { name: hidden, namespace: prod }\ndata: { values.yaml: ENC }\nsops: { mac: x }\n';
    const files = overlays(
      web,
      {},
      {
        'prod/secret.yaml': secret,
        'prod/kustomization.yaml': `namespace: prod\nresources: [../base, secret.yaml]\n${prod}`,
      },
    );
    const { changes, notes } = changed(files);
    expect(changes['base/app.yaml']).toBeUndefined();
    expect(notes).toContainEqual(expect.stringMatching(/^HelmRelease dev\/web.* is left: HelmRelease prod\/web/));
  });
});

describe('a workload that several build from one document', () => {
  test('gets what each of them lacks, once', () => {
    const { changes, notes, rows } = changed(overlays(deployment));
    expect(memories(changes['base/app.yaml'])).toEqual(['64Mi', '256Mi']);
    expect(notes).toEqual([]);
    expect(rows.map((row) => row.slice(-12))).toEqual(['| default |', '| default |'].map((end) => ` ${end}`));
  });

  test.each(['memory: 32Mi', 'memory: 8Gi', 'cpu: 5m'])('is left where one of them has a limit alone: %s', (limit) => {
    const prod = inlinePatch('Deployment', ofContainer(`{ limits: { ${limit} } }`));
    const { changes, notes, rows } = changed(overlays(deployment, { prod }));
    expect(changes['base/app.yaml']).toBeUndefined();
    expect(notes).toContainEqual(
      expect.stringMatching(
        /^Deployment dev\/web of Kustomization flux-system\/dev: resources of container app is left: Deployment prod\/web of Kustomization flux-system\/prod is built from base\/app\.yaml too, and /,
      ),
    );
    expect(notes).toContainEqual(expect.stringMatching(/^Deployment prod\/web: .* is set by a patch in prod\/kustom/));
    expect(rows[0]).toBe('| dev/web | `container app` | – | – | – | left |');
  });

  test('is completed beside a patch that has all of it', () => {
    const prod = inlinePatch(
      'Deployment',
      ofContainer('{ requests: { cpu: 1, memory: 16Mi }, limits: { memory: 32Mi } }'),
    );
    const { changes, notes } = changed(overlays(deployment, { prod }));
    expect(memories(changes['base/app.yaml'])).toEqual(['64Mi', '256Mi']);
    expect(notes).toEqual([]);
  });

  test('a patch in a file of its own is completed there, and the base for the others', () => {
    const prod = 'patches: [{ path: patch.yaml }]\n';
    const patch = `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          resources:\n            requests:\n              memory: 1Gi\n`;
    const { changes, notes, rows } = changed(overlays(deployment, { prod }, { 'prod/patch.yaml': patch }));
    expect(memories(changes['base/app.yaml'])).toEqual(['64Mi', '256Mi']);
    expect(memories(changes['prod/patch.yaml'])).toEqual(['1536Mi']);
    expect(notes).toEqual([]);
    expect(rows[1]).toBe('| prod/web | `container app` | 10m | 1Gi | 1536Mi | kept |');
  });

  test('a limit is no less than the request of any of them', () => {
    const prod = 'patches: [{ path: patch.yaml }]\n';
    const patch = `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          resources:\n            requests:\n              memory: 1Gi\n`;
    const base = `${deployment}          resources:\n            requests:\n              cpu: 1m\n`;
    const { changes, rows } = changed(overlays(base, { prod }, { 'prod/patch.yaml': patch }));
    expect(memories(changes['base/app.yaml'])).toEqual(['64Mi', '1536Mi']);
    expect(rows).toEqual([
      '| dev/web | `container app` | 1m | 64Mi | 1536Mi | kept |',
      '| prod/web | `container app` | 1m | 1Gi | 1536Mi | kept |',
    ]);
  });

  test('what a patch takes away for one of them stays for the others', () => {
    const full = `${deployment}          resources: { requests: { cpu: 1m, memory: 1Gi }, limits: { memory: 2Gi } }\n`;
    const prod = inlinePatch('Deployment', ofContainer('{ limits: null }'));
    const { changes, notes } = changed(overlays(full, { prod }));
    expect(changes['base/app.yaml']).toBeUndefined();
    expect(notes).toContainEqual(expect.stringMatching(/^Deployment prod\/web.* is left: Deployment dev\/web/));
  });

  test('resources of the whole Pod, which one of them has, are no reason to give it those of containers', () => {
    const prod = inlinePatch('Deployment', '{ template: { spec: { resources: { limits: { memory: 32Mi } } } } }');
    const { changes, notes } = changed(overlays(deployment, { prod }));
    expect(changes['base/app.yaml']).toBeUndefined();
    expect(notes).toContainEqual(expect.stringMatching(/^Deployment dev\/web.* is left: Deployment prod\/web/));
  });
});

describe('what cannot change in the cluster', () => {
  const job = deployment.replace('apps/v1', 'batch/v1').replace('Deployment', 'Job');
  const pod =
    'apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: dev }\nspec:\n  containers:\n    - name: app\n';
  const one = (text: string, spec = ''): Files => ({
    'flux/dev.yaml': kustomization('dev', './dev', spec),
    'dev/app.yaml': text.replace('{ name: web }', '{ name: web, namespace: dev }'),
  });

  test.each([
    ['Job', job],
    ['Pod', pod],
  ])('a %s gets nothing, and a note says why', (kind, text) => {
    const { changes, notes, rows, page } = changed(one(text));
    expect(changes['dev/app.yaml']).toBeUndefined();
    const note = `${kind} dev/web: resources of container app is left: they cannot change in the cluster, and Flux would apply nothing more of Kustomization flux-system/dev; give it another name with them, or let its Kustomization force it`;
    expect(notes).toEqual([note]);
    expect(page).toContain(`- ${note}\n`);
    expect(rows).toEqual(['| dev/web | `container app` | – | – | – | left |']);
  });

  test.each([
    ['Job', job],
    ['Pod', pod],
  ])('a %s that Flux makes anew has them', (_, text) => {
    const forced = text.replace('name: web', 'name: web, annotations: { kustomize.toolkit.fluxcd.io/force: Enabled }');
    expect(memories(changed(one(text, '  force: true\n')).changes['dev/app.yaml'])).toEqual(['64Mi', '256Mi']);
    expect(
      memories(
        changed({
          ...one(''),
          'dev/app.yaml': forced.replace('web,', 'web, namespace: dev,').replace('}, namespace: dev }', '} }'),
        }).changes['dev/app.yaml'],
      ),
    ).toEqual(['64Mi', '256Mi']);
  });

  test('a Job that has all of it needs no note', () => {
    const full = `${job}          resources: { requests: { cpu: 1m, memory: 1Gi }, limits: { memory: 2Gi } }\n`;
    expect(changed(one(full))).toMatchObject({
      notes: [],
      rows: ['| dev/web | `container app` | 1m | 1Gi | 2Gi | kept |'],
    });
  });

  test('a CronJob has them: each Job of it is new', () => {
    const cron =
      'apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: web }\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers:\n            - name: app\n';
    expect(memories(changed(one(cron)).changes['dev/app.yaml'])).toEqual(['64Mi', '256Mi']);
  });

  test('a Job that one Kustomization forces and another does not is left', () => {
    const files = overlays(job, {}, { 'flux/dev.yaml': kustomization('dev', './dev', '  force: true\n') });
    const { changes, notes } = changed(files);
    expect(changes['base/app.yaml']).toBeUndefined();
    expect(notes).toContainEqual(expect.stringMatching(/^Job dev\/web.* is left: Job prod\/web/));
    expect(repositoryOf(files).flux.objects.filter(({ id }) => id.kind === 'Job')).toHaveLength(2);
  });
});
