/** Several clusters in one repository: each is read, and judged, by itself. */
import { expect, test } from 'vitest';
import { lint, lintChange } from '../lint/lint.js';
import { treeOfTexts } from '../source/file-tree.js';
import { readRepository } from './read-repository.js';

type Files = Readonly<Record<string, string>>;

const kustomization = (name: string, path: string, more = ''): string =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: ${name}, namespace: flux-system }
spec: { interval: 10m, path: ${path}, prune: true, sourceRef: { kind: GitRepository, name: flux-system }${more} }
`;

/** As `flux bootstrap` leaves it: each root applies its own folder, itself among it. */
const clusterFiles = (name: string): Files => ({
  [`clusters/${name}/flux-system/sync.yaml`]: `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, url: https://example.invalid/home.git, ref: { branch: main } }
---
${kustomization('flux-system', `./clusters/${name}`)}`,
  [`clusters/${name}/apps.yaml`]: kustomization('apps', `./apps/${name}`, ', dependsOn: [{ name: infra }]'),
  [`clusters/${name}/infra.yaml`]: kustomization('infra', './infra'),
  [`apps/${name}/kustomization.yaml`]: 'namespace: web\nresources: [../base, settings.yaml]\n',
  [`apps/${name}/settings.yaml`]: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { a: b }\n',
});

const files: Files = {
  ...clusterFiles('production'),
  ...clusterFiles('staging'),
  'infra/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: web }\n',
  'apps/base/kustomization.yaml': 'resources: [web.yaml]\n',
  'apps/base/web.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: web, image: "a:1.0.0", envFrom: [{ configMapRef: { name: settings } }] }] }\n',
};
const read = (all: Files) => readRepository(treeOfTexts(all));
const errors = (all: Files): readonly string[] =>
  lint(read(all), { now: 0 })
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ file, line, rule, subject }) => `${file}:${line} ${rule} ${subject}`);

test('each root of one name is a cluster, with what it shares with others', () => {
  const repository = read(files);
  expect(repository.clusters[0]).toBe(repository);
  expect(
    repository.clusters.map(({ flux }) => flux.kustomizations.map(({ id, build }) => `${id.name} ${build?.directory}`)),
  ).toEqual([
    ['flux-system clusters/production', 'apps apps/production', 'infra infra'],
    ['flux-system clusters/staging', 'apps apps/staging', 'infra infra'],
  ]);
});

test('what one cluster has is not there for another, and nothing is owned twice', () => {
  expect(errors(files)).toEqual([]);
  const broken = {
    ...files,
    'apps/staging/kustomization.yaml': 'namespace: web\nresources: [../base]\n',
    'clusters/staging/infra.yaml': kustomization('infrastructure', './infra'),
  };
  expect(errors(broken)).toEqual([
    'apps/base/web.yaml:4 object-without-producer ConfigMap web/settings',
    'clusters/staging/apps.yaml:4 dangling-depends-on Kustomization flux-system/apps',
  ]);
});

test('a finding in what clusters share says in which of them it is so, unless it is in all', () => {
  const messages = (all: Files): readonly string[] =>
    lint(read(all), { now: 0, only: new Set(['object-without-producer']) }).findings.map(({ message }) =>
      message.replace(/^.*; /, ''),
    );
  const without = (name: string): Files => ({
    [`apps/${name}/kustomization.yaml`]: 'namespace: web\nresources: [../base]\n',
  });
  expect(messages({ ...files, ...without('staging') })).toEqual([
    'provide it, or name one that is there (in the cluster of clusters/staging/flux-system/sync.yaml)',
  ]);
  expect(messages({ ...files, ...without('staging'), ...without('production') })).toEqual([
    'provide it, or name one that is there',
  ]);
});

test('what is wrong in a file of the second cluster stops it, and is no less severe', () => {
  expect(errors({ ...files, 'apps/staging/settings.yaml': 'a: [\n' })).toContain(
    'apps/staging/settings.yaml:2 yaml-parse apps/staging/settings.yaml',
  );
});

test('a change is compared cluster by cluster', () => {
  const after = {
    ...files,
    'clusters/staging/apps.yaml': kustomization('apps', './apps/staging'),
  };
  const { findings } = lintChange(read(files), read(after), { now: 0 });
  expect(findings.map(({ rule, file }) => `${rule} ${file}`)).toContain(
    'dependency-removed clusters/staging/apps.yaml',
  );
});

test('two of one name in one folder are no two clusters', () => {
  const twice = { 'a.yaml': kustomization('apps', './apps'), 'b.yaml': kustomization('apps', './more') };
  const more = { 'apps/x.yaml': 'a: 1\n', 'more/x.yaml': 'a: 1\n' };
  expect(read({ ...twice, ...more }).clusters).toHaveLength(1);
});

test('two FluxInstances that sync other folders are two clusters', () => {
  const instance = (name: string): string =>
    `apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: { name: flux, namespace: flux-system }\nspec: { sync: { kind: GitRepository, url: "https://example.invalid/home.git", ref: refs/heads/main, path: ${name} } }\n`;
  const all = {
    'one/flux.yaml': instance('one'),
    'two/flux.yaml': instance('two'),
    'one/apps.yaml': kustomization('apps', './apps/production'),
    'two/apps.yaml': kustomization('apps', './apps/staging'),
    'apps/production/a.yaml': files['infra/namespace.yaml']!,
    'apps/staging/a.yaml': files['infra/namespace.yaml']!,
  };
  expect(read(all).clusters.map(({ flux }) => flux.kustomizations.map(({ build }) => build?.directory))).toEqual([
    ['apps/production'],
    ['apps/staging'],
  ]);
});
