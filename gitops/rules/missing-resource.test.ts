import { expect, test } from 'vitest';
import { missingResource } from './missing-resource.js';
import { findingsOf } from './testing.js';
import { cluster, kustomization } from './testing-cluster.js';

const list = (field: string, ...entries: readonly string[]) =>
  `kind: Kustomization\n${field}:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`;

test('says what lists it, what stops, and which file may be meant', () => {
  const files = cluster({
    'apps/kustomization.yaml': list('resources', './schedules.yaml'),
    'apps/schedules.yaml.disabled': '',
  });
  expect(findingsOf(missingResource, files)).toEqual([
    {
      at: 'apps/kustomization.yaml:3:5',
      subject: 'Kustomization flux-system/apps',
      message:
        'resources lists ./schedules.yaml, which is not there: kustomize build of apps fails, which stops Kustomization flux-system/apps; add the file, or take ./schedules.yaml out of the list; did you mean schedules.yaml.disabled',
    },
  ]);
});

test('counts what a root that does not build holds back', () => {
  const files = cluster({
    'apps/kustomization.yaml': list('resources', 'a.yaml', 'b.yaml', 'c.yaml'),
    'apps/a.yaml': kustomization('a', './a'),
    'apps/b.yaml': kustomization('b', './b'),
    'a/a.yaml': '',
    'b/b.yaml': '',
    'other.yaml': kustomization('other', './other', '  dependsOn: [{ name: a }]\n'),
    'other/other.yaml': '',
  });
  expect(findingsOf(missingResource, files)[0]?.message).toContain(
    'which stops Kustomization flux-system/apps, and with it 3 Kustomizations that it applies or holds back',
  );
});

test.each([
  ['a component', list('components', '../components/x'), 'components lists ../components/x, which is not there'],
  ['a patch', list('patches', 'path: patch.yaml'), 'patches lists patch.yaml, which is not there'],
  [
    "a generator's file",
    list('configMapGenerator', 'name: a\n    files: [a.conf=./a.cnf]'),
    'configMapGenerator lists a.conf=./a.cnf, which is not there',
  ],
  ['a folder without a kustomization.yaml', list('resources', './folder'), 'a folder without a kustomization.yaml'],
])('%s', (_, text, said) => {
  const files = cluster({ 'apps/kustomization.yaml': text, 'apps/folder/a.txt': '', 'apps/objects/a.yaml': '' });
  expect(findingsOf(missingResource, files).map(({ message }) => message)).toEqual([expect.stringContaining(said)]);
});

test('what many build is said once', () => {
  const app = (name: string) => ({
    [`apps/${name}.yaml`]: kustomization(name, `./${name}`),
    [`${name}/kustomization.yaml`]: list('components', '../component'),
  });
  const component = `kind: Component\nresources: [secret.yaml]\n`;
  const files = cluster({ ...app('a'), ...app('b'), 'component/kustomization.yaml': component });
  expect(findingsOf(missingResource, files)).toMatchObject([
    {
      at: 'component/kustomization.yaml:2:13',
      subject: 'Kustomization flux-system/a and 1 other',
      message: expect.stringContaining(
        'kustomize build of 2 folders fails, which stops Kustomization flux-system/a and Kustomization flux-system/b',
      ),
    },
  ]);
});

test('silent: a folder that nothing reaches; a remote base', () => {
  const files = cluster({
    'apps/kustomization.yaml': list('resources', 'https://example.com/a.yaml'),
    'other/kustomization.yaml': list('resources', 'a.yaml'),
  });
  expect(findingsOf(missingResource, files)).toEqual([]);
});
