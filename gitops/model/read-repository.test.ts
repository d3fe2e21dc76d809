import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { treeOfTexts } from '../source/file-tree.js';
import { readRepository } from './read-repository.js';
import { askAll, type Files, fluxKustomization, object, repositoryOf } from './testing.js';

describe('files', () => {
  test('every YAML file is read, templates are not; what cannot be read is a problem', () => {
    const texts = treeOfTexts({
      'a.yaml': 'a: 1',
      'b.yml': 'b: 1',
      'c.yaml.j2': '{{ c }}',
      'd.json': '{}',
      'e.yaml': '',
      'f.yaml': '',
    });
    const repository = readRepository({
      ...texts,
      problems: [{ path: 'link.yaml', message: 'leads out of the repository' }],
      read: (path) => {
        if (path === 'e.yaml') throw new Error('is larger than 16 MB');
        return path === 'f.yaml' ? Uint8Array.of(0x61, 0xff, 0xfe) : texts.read(path);
      },
    });
    expect(repository.files.map(({ path }) => path)).toEqual(['a.yaml', 'b.yml']);
    expect(repository.problems).toEqual([
      { path: 'link.yaml', message: 'leads out of the repository' },
      { path: 'e.yaml', message: 'is larger than 16 MB' },
      { path: 'f.yaml', message: 'is no UTF-8 text' },
    ]);
  });

  test('a byte order mark and CRLF are text like any other', () => {
    const text = `\uFEFF${object('ConfigMap', 'a', 'data: {a: b}\n').replaceAll('\n', '\r\n')}`;
    const [manifest] = repositoryOf({ 'a.yaml': text }).manifests;
    expect(manifest?.id.name).toBe('a');
    expect(manifest?.file.text).toBe(text);
  });

  test('files that did not change are not parsed again', () => {
    const before = repositoryOf({ 'a.yaml': 'a: 1', 'b.yaml': 'b: 1' });
    const after = readRepository(treeOfTexts({ 'a.yaml': 'a: 1', 'b.yaml': 'b: 2' }), { previous: before });
    expect(after.file('a.yaml')).toBe(before.file('a.yaml'));
    expect(after.file('b.yaml')?.text).toBe('b: 2');
  });

  test('encrypted documents, Kubernetes objects or not', () => {
    const { encrypted } = repositoryOf({
      'talos.sops.yaml': 'cluster: ENC[x]\nsops: {mac: ENC[y]}\n',
      'secret.yaml': object('Secret', 'a', 'sops: {mac: ENC[y]}\n'),
      '.sops.yaml': 'creation_rules: []\n',
    });
    expect(encrypted.map(({ file }) => file.path)).toEqual(['secret.yaml', 'talos.sops.yaml']);
  });
});

describe('builds of the reading before', () => {
  const again = (before: Files, after: Files) => {
    const first = repositoryOf(before);
    for (const folder of Object.keys(before).map((path) => path.split('/')[0]!)) first.kustomize.build(folder);
    return readRepository(treeOfTexts(after), { previous: first }).kustomize;
  };
  const build = (...resources: readonly string[]) => `resources: [${resources.join(', ')}]\n`;

  test('are the same where nothing that they were made of has changed', () => {
    const files = { 'a/kustomization.yaml': build('x.yaml'), 'a/x.yaml': object('ConfigMap', 'x') };
    const first = repositoryOf(files);
    const built = first.kustomize.build('a');
    const read = (changed: Files) => readRepository(treeOfTexts({ ...files, ...changed }), { previous: first });
    expect(read({}).kustomize.build('a')).toBe(built);
    const [changed] = read({ 'a/x.yaml': object('ConfigMap', 'y') }).kustomize.build('a').objects;
    expect(changed?.id.name).toBe('y');
  });

  test('are made again where a file has come, since a folder without a kustomization is all that lies in it', () => {
    const files = { 'a/x.yaml': object('ConfigMap', 'x') };
    const { objects } = again(files, { ...files, 'a/y.yaml': object('ConfigMap', 'y') }).build('a');
    expect(objects.map(({ id }) => id.name)).toEqual(['x', 'y']);
  });

  test.each([
    ['that another lists', { 'a/kustomization.yaml': build('../b'), 'b/kustomization.yaml': '[[[' }],
    ['of its own', { 'a/kustomization.yaml': '[[[', 'b/kustomization.yaml': build() }],
  ])('are made again where a kustomization %s did not parse and does', (_, files) => {
    const changed = { ...files, 'a/kustomization.yaml': build('../b'), 'b/kustomization.yaml': 'namespace: x\n' };
    expect(repositoryOf(files).kustomize.build('a').problems).not.toEqual([]);
    expect(again(files, changed).build('a').problems).toEqual([]);
  });

  test('are made again where folders include each other: what is said then has to do with the way there', () => {
    const files = {
      'a/kustomization.yaml': build('../b'),
      'b/kustomization.yaml': build('../a'),
      'c/kustomization.yaml': `${build('../b')}namePrefix: c-\n`,
    };
    const changed = { ...files, 'c/kustomization.yaml': build('../b') };
    const problems = (kustomize: ReturnType<typeof again>) =>
      ['a', 'b', 'c'].map((folder) => kustomize.build(folder).problems.map(({ message }) => message));
    expect(problems(again(files, changed))).toEqual(problems(repositoryOf(changed).kustomize));
  });

  describe('how deep folders are nested', () => {
    /** `name0` lists `name1` and so on; the last lists `end`. */
    const chain = (name: string, length: number, end: string): Files =>
      Object.fromEntries(
        Array.from({ length }, (_, index) => [
          `${name}${index}/kustomization.yaml`,
          `resources: [${index + 1 < length ? `../${name}${index + 1}` : end}]\n`,
        ]),
      );
    const files: Files = {
      'flux/x.yaml': fluxKustomization('x', 'x0'),
      'flux/z.yaml': fluxKustomization('z', 'z0'),
      ...chain('x', 1, '../y0'),
      ...chain('y', 120, 'a.yaml'),
      ...chain('z', 100, '../y0'),
      'y119/a.yaml': object('ConfigMap', 'a'),
    };
    const problems = (repository: ReturnType<typeof repositoryOf>, folder: string): readonly string[] =>
      repository.kustomize.build(folder).problems.map(({ code, file }) => `${code} ${file}`);
    const tooDeep = ['too-large y99/kustomization.yaml'];

    test('is counted whatever was built before', () => {
      for (const order of [
        ['x0', 'z0', 'y100'],
        ['z0', 'x0', 'y100'],
        ['y100', 'z0', 'x0'],
      ]) {
        const repository = repositoryOf(files);
        const said = new Map(order.map((folder) => [folder, problems(repository, folder)]));
        expect([said.get('x0'), said.get('z0'), said.get('y100')]).toEqual([[], tooDeep, []]);
      }
    });

    test('and whatever is taken over', () => {
      const before = repositoryOf(files);
      askAll(before);
      const edited = { ...files, 'z0/kustomization.yaml': `${files['z0/kustomization.yaml']}# edited\n` };
      const after = readRepository(treeOfTexts(edited), { previous: before });
      expect(problems(before, 'z0')).toEqual(tooDeep);
      expect(problems(after, 'z0')).toEqual(tooDeep);
      expect(after.kustomize.build('x0')).toBe(before.kustomize.build('x0'));
    });

    test('does not double where each folder lists two that list the same two', () => {
      const level = (name: string, index: number): readonly [string, string] => [
        `${name}${index}/kustomization.yaml`,
        `resources: [../y${index + 1}, ../z${index + 1}]\n`,
      ];
      const levels = Array.from({ length: 300 }, (_, index) => [level('y', index), level('z', index)]).flat();
      const { kustomize } = repositoryOf(Object.fromEntries(levels));
      for (const folder of ['y250', 'y0', 'z0', 'y50'])
        expect(kustomize.build(folder).problems.length).toBeGreaterThan(0);
    });
  });
});

const bombs = Array.from(
  { length: 12 },
  (_, level) => `l${level + 1}: &l${level + 1} [${'*l0,'.replace('0', String(level)).repeat(9)}]`,
);

describe('never throws', () => {
  test.each<[string, Files]>([
    ['an empty tree', {}],
    ['no Flux at all', { 'a.yaml': object('ConfigMap', 'a') }],
    ['broken YAML', { 'flux/a.yaml': 'a: [\n  b: }\n\t- c', 'b/kustomization.yaml': '[[[' }],
    [
      'deep nesting',
      {
        'a.yaml': '['.repeat(50_000),
        'b.yaml': `apiVersion: v1\nkind: A\nx: ${'{a: '.repeat(900)}1${'}'.repeat(900)}`,
      },
    ],
    ['alias bombs', { 'a.yaml': `l0: &l0 [a]\n${bombs.join('\n')}\n` }],
    [
      'an anchor that contains itself',
      { 'flux/a.yaml': `${fluxKustomization('a', 'apps')}  x: &x {y: *x}\n`, 'apps/kustomization.yaml': 'a: &a [*a]' },
    ],
    ['a mapping that merges itself', { 'a.yaml': 'apiVersion: v1\nkind: A\nmetadata: &m {<<: *m, name: x}\n' }],
    [
      'folders that are files',
      {
        'flux/a.yaml': fluxKustomization('a', 'flux/a.yaml'),
        'b/kustomization.yaml': 'resources: [kustomization.yaml]',
      },
    ],
    [
      'strange names',
      {
        '__proto__/kustomization.yaml': 'resources: [constructor]',
        'a/kustomization.yaml': '__proto__: {}\nconstructor: []\ntoString: 1',
      },
    ],
    ['Windows line ends and tabs', { 'a.yaml': 'apiVersion: v1\r\nkind:\tA\r\n\tx: 1' }],
  ])('%s', (_, files) => expect(askAll(repositoryOf(files))).toBeGreaterThanOrEqual(0));

  test('a kustomization chain without end', () => {
    const files = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, level) => [`d${level}/kustomization.yaml`, `resources: [../d${level + 1}]`]),
    );
    const { problems } = repositoryOf(files).kustomize.build('d0');
    expect(problems.some(({ code }) => code === 'too-large')).toBe(true);
  });
});

/** Anything that YAML can be, with the words of the field. */
const junk = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(
      null,
      true,
      7,
      -1,
      '',
      'a',
      '${A}',
      '${',
      '../..',
      './a',
      'ConfigMap',
      'https://x.org/a',
      '[',
      '__proto__',
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        ...'name namespace kind path patch target spec metadata values secretRef labels resources'.split(' '),
      ),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value;

const kinds = [
  'Kustomization',
  'HelmRelease',
  'Secret',
  'ExternalSecret',
  'Deployment',
  'ConfigMap',
  'Namespace',
  'List',
  'Cluster',
  'Ingress',
];
const versions = [
  'v1',
  'kustomize.toolkit.fluxcd.io/v1',
  'helm.toolkit.fluxcd.io/v2',
  'external-secrets.io/v1',
  'apps/v1',
  'a/b/c',
  '',
];
const fields = {
  spec: 'path sourceRef dependsOn patches postBuild targetNamespace components chart chartRef values valuesFrom install template data target healthChecks images',
  kustomization:
    'resources components bases namespace namePrefix patches patchesStrategicMerge patchesJson6902 configMapGenerator secretGenerator generatorOptions labels commonLabels images replicas configurations kind',
};
const record = (names: string) => fc.dictionary(fc.constantFrom(...names.split(' ')), junk, { maxKeys: 6 });
const anObject = fc.record(
  {
    apiVersion: fc.constantFrom(...versions),
    kind: fc.constantFrom(...kinds),
    metadata: junk,
    spec: fc.oneof(junk, record(fields.spec)),
    items: junk,
    data: junk,
  },
  { requiredKeys: ['apiVersion', 'kind'] },
);

test('wrong types everywhere are read without a throw', () => {
  const files = fc.record({
    root: record(fields.spec),
    kustomization: record(fields.kustomization),
    objects: fc.array(anObject, { maxLength: 5 }),
    values: junk,
  });
  fc.assert(
    fc.property(files, ({ root, kustomization, objects, values }) => {
      const apps = { ...root, path: './apps', sourceRef: { kind: 'GitRepository', name: 'flux-system' } };
      const repository = repositoryOf({
        'flux/root.yaml': JSON.stringify({
          apiVersion: versions[1],
          kind: 'Kustomization',
          metadata: { name: 'a', namespace: 'b' },
          spec: apps,
        }),
        'apps/kustomization.yaml': JSON.stringify({
          ...kustomization,
          resources: kustomization['resources'] ?? ['a.yaml'],
        }),
        'apps/a.yaml': objects.map((one) => JSON.stringify(one)).join('\n---\n'),
        'apps/a/kustomization.yaml': JSON.stringify(kustomization),
        a: JSON.stringify(values),
      });
      expect(askAll(repository)).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 300 },
  );
});
