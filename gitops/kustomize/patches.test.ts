import { describe, expect, test } from 'vitest';
import { type Files, object, repositoryOf } from '../model/testing.js';

const build = (files: Files) => repositoryOf(files).kustomize.build('apps');
const objects = [
  object('ConfigMap', 'a', '  labels: {app: web, tier: front}\ndata: {key: old}\n'),
  object('ConfigMap', 'b', '  labels: {app: db}\ndata: {key: old}\n'),
].join('---\n');
const patchedNames = (target: string) => {
  const patches = `patches:\n- target: ${target}\n  patch: |\n    kind: any\n    data: {key: new}\n`;
  const files = { 'apps/kustomization.yaml': `resources: [a.yaml]\nnamespace: x\n${patches}`, 'apps/a.yaml': objects };
  return build(files)
    .objects.filter(({ composed }) => composed.at(['data', 'key']).value === 'new')
    .map(({ id }) => id.name);
};

describe('a target selects', () => {
  test.each([
    ['{kind: ConfigMap}', ['a', 'b']],
    ['{kind: Config}', []],
    ['{kind: Config.*, name: a|c}', ['a']],
    ['{kind: ConfigMap, name: (?i)A}', ['a']],
    ['{name: "(a+)+!"}', []],
    ['{group: apps}', []],
    ['{version: v1, name: b}', ['b']],
    ['{namespace: default}', ['a', 'b']],
    ['{labelSelector: app=web}', ['a']],
    ['{labelSelector: "app in (db, web), !tier"}', ['b']],
    ['{labelSelector: "app notin (db)"}', ['a']],
    ['{labelSelector: app!=web}', ['b']],
    ['{labelSelector: tier}', ['a']],
    ['{annotationSelector: note}', []],
  ])('%s', (target, names) => expect(patchedNames(target)).toEqual(names));
});

test('a patch without a target is for the object it names, and keeps its name', () => {
  const files = {
    'apps/kustomization.yaml': 'resources: [a.yaml]\npatchesStrategicMerge: [patch.yaml]',
    'apps/a.yaml': objects,
    'apps/patch.yaml': object('ConfigMap', 'b', 'data: {more: x}\n'),
  };
  const repository = repositoryOf(files);
  expect(repository.kustomize.build('apps').objects[1]?.composed.value).toMatchObject({
    data: { key: 'old', more: 'x' },
  });
  const fragment = repository.manifests.find(({ file }) => file.path === 'apps/patch.yaml');
  expect(fragment && repository.isPatch(fragment)).toBe(true);
});

test('a value from a patch in place is found at its line in the kustomization', () => {
  const files = {
    'apps/kustomization.yaml': `resources: [a.yaml]
patches:
  - target: {kind: ConfigMap}
    patch: |-
      # a comment
      kind: ConfigMap

      data:
        key: new
`,
    'apps/a.yaml': objects,
  };
  const origin = build(files).objects[0]?.composed.origin(['data', 'key']);
  expect(origin?.place).toEqual({ file: 'apps/kustomization.yaml', line: 9, column: 9 });
  expect(origin?.isEmbedded).toBe(true);
  expect(origin?.pathInFile).toEqual(['patches', 0, 'patch']);
});

test.each([
  ['patches: [{target: {kind: ConfigMap}, patch: "[{op: remove, path: /x}]"}]', 'ConfigMap a: remove /x: is not there'],
  ['patches: [{patch: "[{op: remove, path: /x}]"}]', 'a list of operations needs a target'],
  ['patches: [{target: {kind: "["}, patch: "kind: x"}]', 'kind [: error parsing regexp: missing closing ]: `[)$`'],
  ['patches: [{target: {labelSelector: "a b c"}, patch: "kind: x"}]', 'a b c: is no label selector'],
  ['patches: [{target: {kind: a}, patch: just text}]', 'the patch is no object and no list of operations'],
  [
    'patches: [{patch: "kind: ConfigMap\\nmetadata: {name: gone}\\napiVersion: v1"}]',
    'the patch is for ConfigMap gone, which is not built here',
  ],
])('%s', (patches, message) => {
  const files = { 'apps/kustomization.yaml': `resources: [a.yaml]\n${patches}`, 'apps/a.yaml': objects };
  expect(build(files).problems.map((problem) => problem.message)).toContain(message);
});

test('a patch can delete the whole object', () => {
  const patch = 'patches: [{target: {name: a}, patch: "$patch: delete\\nkind: x"}]';
  const files = { 'apps/kustomization.yaml': `resources: [a.yaml]\n${patch}`, 'apps/a.yaml': objects };
  expect(build(files).objects.map(({ id }) => id.name)).toEqual(['b']);
});

test('a pattern that backtracks does not hold the build up', () => {
  const name = 'a'.repeat(40);
  const started = performance.now();
  const { problems } = build({
    'apps/kustomization.yaml': 'resources: [a.yaml]\npatches: [{target: {name: (a+)+$}, patch: "kind: x"}]',
    'apps/a.yaml': object('ConfigMap', `${name}-`, ''),
  });
  expect(problems).toEqual([]);
  expect(performance.now() - started).toBeLessThan(2_000);
});
