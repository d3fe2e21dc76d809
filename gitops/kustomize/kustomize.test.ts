import { describe, expect, test } from 'vitest';
import { type Files, object, repositoryOf } from '../model/testing.js';

const build = (files: Files, directory = 'apps') => repositoryOf(files).kustomize.build(directory);
const ids = (files: Files, directory?: string) =>
  build(files, directory).objects.map(({ id }) => `${id.kind} ${id.namespace}/${id.name}`);
const problems = (files: Files, directory?: string) =>
  build(files, directory).problems.map(({ code, message }) => `${code}: ${message}`);

describe('namespaces', () => {
  test('the namespace of the folder wins over the one that is written, and renames Namespaces', () => {
    const files = {
      'apps/kustomization.yaml': 'namespace: storage\nresources: [all.yaml]',
      'apps/all.yaml': [
        object('ConfigMap', 'settings', '  namespace: flux-system\n'),
        object('Namespace', 'not-used'),
        object('StorageClass', 'fast'),
      ].join('---\n'),
    };
    expect(ids(files)).toEqual(['ConfigMap storage/settings', 'Namespace /storage', 'StorageClass /fast']);
    const [settings] = build(files).objects;
    expect(settings?.manifest?.id.namespace).toBe('flux-system');
    expect(settings?.composed.origin(['metadata', 'namespace']).place).toEqual({
      file: 'apps/kustomization.yaml',
      line: 1,
      column: 1,
    });
  });

  test('the outermost namespace wins', () => {
    const files = {
      'kustomization.yaml': 'namespace: outer\nresources: [apps]',
      'apps/kustomization.yaml': 'namespace: inner\nresources: [a.yaml]',
      'apps/a.yaml': object('ConfigMap', 'a'),
    };
    expect(ids(files, '')).toEqual(['ConfigMap outer/a']);
  });

  test('a custom resource has no namespace where its definition in the tree says so', () => {
    const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: planets.example.org}
spec: {group: example.org, scope: Cluster, names: {kind: Planet}}
---
apiVersion: example.org/v1
kind: Planet
metadata: {name: mars}
`;
    const files = { 'apps/kustomization.yaml': 'namespace: x\nresources: [a.yaml]', 'apps/a.yaml': definition };
    expect(ids(files)).toEqual(['CustomResourceDefinition /planets.example.org', 'Planet /mars']);
  });
});

describe('what is built', () => {
  test('objects of a component belong to each kustomization that includes it, with the chain of files', () => {
    const files = {
      'apps/kustomization.yaml': 'resources: [a, b]',
      'apps/a/kustomization.yaml': 'namespace: a\ncomponents: [../../common]\nresources: []',
      'apps/b/kustomization.yaml': 'namespace: b\ncomponents: [../../common]\nresources: []',
      'common/kustomization.yaml': 'kind: Component\nresources: [secret.yaml]',
      'common/secret.yaml': object('Secret', 'shared'),
    };
    expect(ids(files)).toEqual(['Secret a/shared', 'Secret b/shared']);
    expect(build(files).objects[1]?.chain.map(({ file }) => file.path)).toEqual([
      'apps/kustomization.yaml',
      'apps/b/kustomization.yaml',
      'common/kustomization.yaml',
    ]);
  });

  test('of a key that is given twice the last counts', () => {
    const files = {
      'apps/kustomization.yaml': 'resources: [a.yaml]\nresources: [b.yaml]\n',
      'apps/a.yaml': object('ConfigMap', 'a'),
      'apps/b.yaml': object('ConfigMap', 'b'),
    };
    expect([ids(files), problems(files)]).toEqual([['ConfigMap /b'], []]);
    expect(build(files).objects[0]?.listedAt?.place).toMatchObject({ line: 2 });
  });

  test('without a kustomization Flux builds all manifests below, and folders with one of their own', () => {
    const files = {
      'apps/deep/er/a.yaml': object('ConfigMap', 'a'),
      'apps/b/kustomization.yaml': 'namePrefix: my-\nresources: [b.yaml]',
      'apps/b/b.yaml': object('ConfigMap', 'b'),
      'apps/b/unlisted.yaml': object('ConfigMap', 'unlisted'),
      'apps/.sops.yaml': 'creation_rules: []',
      'apps/template.yaml.j2': '{{ no yaml }}',
    };
    expect(ids(files)).toEqual(['ConfigMap /my-b', 'ConfigMap /a']);
    expect(problems(files)).toEqual([]);
  });

  test('every item of a List is an object', () => {
    const list = 'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n';
    const files = { 'apps/kustomization.yaml': 'resources: [a.yaml]', 'apps/a.yaml': list };
    expect(ids(files)).toEqual(['Secret /a']);
    expect(build(files).objects[0]?.composed.root.place).toEqual({ file: 'apps/a.yaml', line: 4, column: 3 });
  });

  test('generators make ConfigMaps and Secrets, each value with its file', () => {
    const files = {
      'apps/kustomization.yaml': `configMapGenerator:
  - name: values
    files: [values.yaml=helm/values.yaml]
secretGenerator:
  - name: token
    literals: [key=value]
    envs: [a.env]
generatorOptions: {disableNameSuffixHash: true, labels: {a: b}}
`,
      'apps/helm/values.yaml': 'replicas: 2\n',
      'apps/a.env': '# comment\nUSER=me\n',
    };
    const [values, token] = build(files).objects;
    expect(values?.composed.value).toMatchObject({
      metadata: { name: 'values', labels: { a: 'b' } },
      data: { 'values.yaml': 'replicas: 2\n' },
    });
    expect(values?.composed.origin(['data', 'values.yaml']).place.file).toBe('apps/helm/values.yaml');
    expect(values?.generated?.hasHash).toBe(false);
    expect(values?.generated?.files.map(({ path, yaml }) => [path, yaml?.documents[0]?.value])).toEqual([
      ['apps/helm/values.yaml', { replicas: 2 }],
    ]);
    expect(token?.composed.value).toMatchObject({ stringData: { key: 'value', USER: 'me' } });
  });

  test('a generator can merge into what is there', () => {
    const files = {
      'apps/kustomization.yaml':
        'resources: [base]\nconfigMapGenerator: [{name: c, behavior: merge, literals: [b=2, c=3]}]',
      'apps/base/kustomization.yaml': 'configMapGenerator: [{name: c, literals: [a=1, b=1]}]',
    };
    expect(build(files).objects.map(({ composed }) => composed.at(['data']).value)).toEqual([
      { a: '1', b: '2', c: '3' },
    ]);
  });

  test('references follow objects that are renamed', () => {
    const files = {
      'apps/kustomization.yaml': 'namePrefix: my-\nresources: [a.yaml]',
      'apps/a.yaml': [
        object('ConfigMap', 'settings'),
        object('Deployment', 'app', 'spec: {template: {spec: {volumes: [{name: v, configMap: {name: settings}}]}}}\n'),
      ].join('---\n'),
    };
    const path = ['spec', 'template', 'spec', 'volumes', 0, 'configMap', 'name'];
    expect(build(files).objects[1]?.composed.at(path).value).toBe('my-settings');
  });

  test('labels, annotations, images and replicas', () => {
    const files = {
      'apps/kustomization.yaml': `resources: [a.yaml]
commonLabels: {team: x}
labels: [{pairs: {plain: y}}]
commonAnnotations: {note: z}
images: [{name: nginx, newTag: "2"}]
replicas: [{name: web, count: 3}]
`,
      'apps/a.yaml': object(
        'Deployment',
        'web',
        'spec: {template: {spec: {containers: [{name: a, image: "nginx:1"}]}}}\n',
      ),
    };
    expect(build(files).objects[0]?.composed.value).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', labels: { plain: 'y', team: 'x' }, annotations: { note: 'z' } },
      spec: {
        replicas: 3,
        selector: { matchLabels: { team: 'x' } },
        template: {
          metadata: { labels: { team: 'x' }, annotations: { note: 'z' } },
          spec: { containers: [{ name: 'a', image: 'nginx:2' }] },
        },
      },
    });
  });
});

describe('what does not build', () => {
  test('a file that is not there, with the place of the entry', () => {
    const files = { 'apps/kustomization.yaml': 'resources:\n  - ./gone.yaml\n' };
    expect(problems(files)).toEqual(['missing-resource: apps/gone.yaml is not there']);
    expect(build(files).problems[0]?.origin?.place).toEqual({ file: 'apps/kustomization.yaml', line: 2, column: 5 });
  });

  test('a problem below is a problem of all that build it', () => {
    const files = {
      'kustomization.yaml': 'resources: [apps]',
      'apps/kustomization.yaml': 'resources: [a.yaml]',
      'apps/a.yaml': 'a: [\n',
    };
    expect(problems(files, '')[0]).toMatch(/^unparsable: apps\/a.yaml does not parse/);
  });

  test('folders that include each other', () => {
    const files = { 'apps/kustomization.yaml': 'resources: [b]', 'apps/b/kustomization.yaml': 'resources: [..]' };
    expect(problems(files)).toEqual(['cycle: kustomizations include each other: apps -> apps/b -> apps']);
  });

  test('one object twice, and a namespace that makes one of two', () => {
    const files = {
      'apps/kustomization.yaml': 'namespace: storage\ncomponents: [../common]\nresources: [namespace.yaml]',
      'apps/namespace.yaml': object('Namespace', 'storage'),
      'common/kustomization.yaml': 'kind: Component\nresources: [namespace.yaml]',
      'common/namespace.yaml': object('Namespace', 'not-used'),
    };
    expect(problems(files)).toEqual(['duplicate-object: Namespace storage is built twice']);
    const [problem] = build(files).problems;
    const places = [problem?.origin, ...(problem?.related ?? [])].map((origin) => origin?.place.file);
    expect(places).toEqual(['common/namespace.yaml', 'apps/namespace.yaml']);
  });

  test.each([
    ['resources: [../../outside.yaml]', 'outside-repository: ../../outside.yaml is outside of the repository'],
    ['resources: [b]', 'missing-kustomization: apps/b has no kustomization.yaml'],
    ['resources: [../component]', 'component-as-resource: component is a Component: list it in components'],
    ['components: [../plain]', 'not-a-component: plain is no Component'],
    ['resources: []\nnamepsace: x', 'unknown-field: namepsace is no field of a kustomization'],
    ['configMapGenerator: [{name: a, files: [gone.txt]}]', 'missing-file: apps/gone.txt is not there'],
    ['patches: [{path: gone.yaml}]', 'missing-file: apps/gone.yaml is not there'],
    ['resources: [values.yaml]', 'not-a-manifest: a document of apps/values.yaml has no apiVersion or no kind'],
  ])('%s', (kustomization, problem) => {
    const files = {
      'apps/kustomization.yaml': kustomization,
      'apps/values.yaml': 'a: 1',
      'apps/b/a.yaml': object('Secret', 'a'),
      'component/kustomization.yaml': 'kind: Component\nresources: []',
      'plain/kustomization.yaml': 'resources: []',
    };
    expect(problems(files)).toEqual([problem]);
  });

  test('a list without a value is empty below another, an empty list is not', () => {
    const files = (inner: string) => ({
      'apps/kustomization.yaml': 'resources: [b]',
      'apps/b/kustomization.yaml': inner,
    });
    expect(problems(files('resources:\n'))).toEqual(['empty-kustomization: apps/b/kustomization.yaml is empty']);
    expect(problems(files('resources: []\n'))).toEqual([]);
  });

  test('two kustomization files in one folder', () => {
    const files = { 'apps/kustomization.yaml': 'resources: []', 'apps/Kustomization': 'resources: []' };
    expect(problems(files)).toEqual(['two-kustomizations: apps/kustomization.yaml cannot be used']);
  });

  test('what would be fetched is unknown, not missing', () => {
    const kustomization = `resources:
  - https://example.org/a.yaml
  - github.com/owner/repo//deploy?ref=v1
replacements: [{source: {kind: Secret}}]
labels:
  - pairs: { a: b }
    fields: [{ path: spec/a, create: true }]
patches:
  - target: { kind: Secret }
    patch: '[{ op: replace, path: /metadata/name, value: b }]'
    options: { allowNameChange: true, allowKindChange: false }
`;
    const { problems: none, unknowns } = build({ 'apps/kustomization.yaml': kustomization });
    expect(none).toEqual([]);
    expect(unknowns.map(({ code, text }) => `${code} ${text}`)).toEqual([
      'remote https://example.org/a.yaml',
      'remote github.com/owner/repo//deploy?ref=v1',
      'beyond-reading replacements',
      'beyond-reading labels.0.fields',
      'beyond-reading patches.0.options.allowNameChange',
    ]);
  });

  test('kustomizations that double at every level stop somewhere', () => {
    const files: Record<string, string> = {
      'apps/d0/kustomization.yaml': 'resources: [a.yaml]',
      'apps/d0/a.yaml': object('Secret', 'a'),
    };
    for (let level = 1; level < 40; level++) {
      for (const side of ['l', 'r']) {
        files[`apps/d${level}/${side}/kustomization.yaml`] = `namePrefix: ${side}\nresources: [../../d${level - 1}]`;
      }
      files[`apps/d${level}/kustomization.yaml`] = 'resources: [l, r]';
    }
    expect(problems(files, 'apps/d39').some((problem) => problem.startsWith('too-large'))).toBe(true);
  });
});
