import { expect, test } from 'vitest';
import { findingsOf } from './testing.js';
import { cluster, release } from './testing-cluster.js';
import { unpinnedVersion } from './unpinned-version.js';

const grafana = (version: string) => release('grafana', version, 'a: 1\n');
const source = (kind: string, ref: string) =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: ${kind}\nmetadata: { name: a, namespace: default }\nspec: { url: oci://example.com/a${ref} }\n`;
const pod = (image: string) =>
  `apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: a, namespace: default }\nspec:\n  jobTemplate: { spec: { template: { spec: { containers: [{ name: a, image: "${image}" }] } } } }\n`;
const values = (image: string) => release('grafana', '1.0.0', `image: ${image}\n`);
const base = (url: string) => ({ 'apps/kustomization.yaml': `resources: ["${url}"]\n` });
const found = (files: Readonly<Record<string, string>>) => findingsOf(unpinnedVersion, cluster(files));

test('a chart of any version: where, what comes of it, what to do', () => {
  expect(found({ 'apps/grafana.yaml': grafana("'*'") })).toEqual([
    {
      at: 'apps/grafana.yaml:11:7',
      subject: 'HelmRelease default/grafana',
      message:
        'chart grafana takes any version of *: it changes without a commit, and a revert does not bring the old one back; name one version, and let a bot raise it by commits',
    },
  ]);
});

test.each([
  ['no version', { 'apps/a.yaml': grafana('') }, 'chart grafana has no version'],
  ['a part of one', { 'apps/a.yaml': grafana("'1.2'") }, 'takes any version of 1.2'],
  ['a range', { 'apps/a.yaml': grafana("'>=1.0.0'") }, 'takes any version of >=1.0.0'],
  [
    'an OCIRepository without ref',
    { 'apps/a.yaml': source('OCIRepository', '') },
    'is taken at tag latest, the default',
  ],
  ['its latest', { 'apps/a.yaml': source('OCIRepository', ', ref: { tag: latest }') }, 'is taken at tag latest'],
  ['its range', { 'apps/a.yaml': source('OCIRepository', ', ref: { semver: 1.x }') }, 'is taken at any version of 1.x'],
  ['a branch', { 'apps/a.yaml': source('GitRepository', ', ref: { branch: main }') }, 'is taken at branch main'],
  ['an image without a tag', { 'apps/a.yaml': pod('registry:5000/a') }, 'image registry:5000/a names no version'],
  ['its latest tag', { 'apps/a.yaml': pod('a:latest') }, 'image a:latest names no version'],
  ['in values', { 'apps/a.yaml': values('{ repository: a, tag: latest }') }, 'image a:latest names no version'],
  ['a remote base of a branch', base('https://raw.githubusercontent.com/a/b/main/c.yaml'), 'c.yaml follows a branch'],
  ['a remote base without a ref', base('https://github.com/a/b//c'), 'b//c follows a branch'],
])('%s', (_, files, said) => {
  expect(found(files as Readonly<Record<string, string>>).map(({ message }) => message)).toEqual([
    expect.stringContaining(said),
  ]);
});

test.each([
  ['a version', { 'apps/a.yaml': grafana('v1.2.3-rc.1') }],
  ['a variable', { 'apps/a.yaml': grafana('${VERSION}') }],
  ['a tag', { 'apps/a.yaml': source('OCIRepository', ', ref: { tag: 1.0.0 }') }],
  ['a digest beside latest', { 'apps/a.yaml': source('OCIRepository', ', ref: { tag: latest, digest: "sha256:0" }') }],
  ['a commit of a branch', { 'apps/a.yaml': source('GitRepository', ', ref: { branch: main, commit: abc }') }],
  ['an image by digest', { 'apps/a.yaml': pod('a@sha256:0') }],
  ['a tag that begins with latest', { 'apps/a.yaml': pod('a:latest-build-412') }],
  ['a tag with a digest in values', { 'apps/a.yaml': values('{ repository: a, tag: "latest@sha256:0" }') }],
  ["the chart's own tag", { 'apps/a.yaml': values('{ repository: a }') }],
  ['a remote base of a tag', base('https://raw.githubusercontent.com/a/b/v1.0.0/c.yaml')],
  ['a release', base('https://github.com/a/b/releases/download/v1.0.0/c.yaml')],
  ['a ref', base('github.com/a/b//c?ref=v1.0.0')],
])('silent: %s', (_, files) => {
  expect(found(files as Readonly<Record<string, string>>)).toEqual([]);
});

test('silent: the repository itself follows its branch', () => {
  const own = source('GitRepository', ', ref: { branch: main }').replace(
    'name: a, namespace: default',
    'name: flux-system, namespace: flux-system',
  );
  expect(found({ 'apps/own.yaml': own })).toEqual([]);
});
