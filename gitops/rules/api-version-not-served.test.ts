import { expect, test } from 'vitest';
import { apiVersionNotServed } from './api-version-not-served.js';
import { findingsOf } from './testing.js';
import { cluster, kustomization } from './testing-cluster.js';

const instance = (version: string) =>
  `apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: { name: flux, namespace: flux-system }\nspec:\n  distribution:\n    version: ${version}\n`;
const object = (apiVersion: string, kind: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a, namespace: default }\nspec: {}\n`;
const under = (flux: string, apiVersion: string, kind: string) =>
  findingsOf(apiVersionNotServed, cluster({ 'apps/flux.yaml': flux, 'apps/a.yaml': object(apiVersion, kind) }));
const source = 'source.toolkit.fluxcd.io';

test('one that comes only with a newer Flux: where, since when, what instead', () => {
  expect(under(instance('2.5.1'), `${source}/v1`, 'OCIRepository')).toEqual([
    {
      at: 'apps/a.yaml:1:1',
      subject: 'OCIRepository default/a',
      message:
        'source.toolkit.fluxcd.io/v1 OCIRepository needs Flux 2.6, and this tree declares Flux 2.5.1: the server knows no such kind, and Flux applies nothing beside it; write source.toolkit.fluxcd.io/v1beta2, or raise Flux first',
      related: ['apps/flux.yaml:6:5 declares Flux 2.5.1'],
    },
  ]);
});

test.each([
  ['2.8.x', `${source}/v1beta2`, 'OCIRepository', undefined, 'was removed in Flux 2.8'],
  ['v2.8.0', 'helm.toolkit.fluxcd.io/v2beta2', 'HelmRelease', undefined, 'write helm.toolkit.fluxcd.io/v2'],
  [
    '2.6.3',
    `${source}/v1beta2`,
    'OCIRepository',
    'info',
    'is deprecated since Flux 2.6 and gone in 2.8; write source.toolkit.fluxcd.io/v1',
  ],
  ['2.6.3', `${source}/v2`, 'GitRepository', undefined, 'is served by no Flux'],
  [
    '2.x',
    'helm.toolkit.fluxcd.io/v2beta1',
    'HelmRelease',
    'info',
    'was removed in Flux 2.7, and no file says which Flux runs here',
  ],
])('Flux %s and %s %s', (flux, apiVersion, kind, severity, said) => {
  const [finding] = under(instance(flux), apiVersion, kind);
  expect(finding?.severity).toBe(severity);
  expect(finding?.message).toContain(said);
});

test.each([
  [
    'its chart',
    `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: flux-instance, namespace: flux-system }\nspec:\n  chart: { spec: { chart: flux-instance, sourceRef: { kind: HelmRepository, name: a } } }\n  values: { instance: { distribution: { version: 2.5.1 } } }\n`,
  ],
  [
    'its components',
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: source-controller\n  namespace: flux-system\n  labels: { app.kubernetes.io/part-of: flux, app.kubernetes.io/version: v2.5.1 }\n',
  ],
  [
    'its repository',
    `apiVersion: ${source}/v1\nkind: GitRepository\nmetadata: { name: flux, namespace: flux-system }\nspec: { url: https://github.com/fluxcd/flux2, ref: { tag: v2.5.1 } }\n`,
  ],
])('the Flux that is declared by %s', (_, text) => {
  expect(under(text, `${source}/v1`, 'OCIRepository')[0]?.message).toContain('declares Flux 2.5.1');
});

test('the Flux of a remote base', () => {
  const files = {
    'apps/kustomization.yaml': 'resources: [a.yaml, "github.com/fluxcd/flux2/manifests/install?ref=v2.5.1"]\n',
    'apps/a.yaml': object(`${source}/v1`, 'OCIRepository'),
  };
  expect(findingsOf(apiVersionNotServed, cluster(files))[0]?.message).toContain('declares Flux 2.5.1');
});

test('a health check looks for a version, too', () => {
  const checks =
    '  healthChecks: [{ apiVersion: helm.toolkit.fluxcd.io/v2beta1, kind: HelmRelease, name: a, namespace: a }]\n';
  const files = {
    'apps/flux.yaml': instance('2.8.0'),
    'apps/a.yaml': kustomization('a', './a', checks),
    'a/a.yaml': '',
  };
  expect(findingsOf(apiVersionNotServed, cluster(files))).toMatchObject([{ at: 'apps/a.yaml:14:20' }]);
});

test('a component is one place for many namespaces', () => {
  const files = {
    'apps/kustomization.yaml': 'resources: [a, b, flux.yaml]\n',
    'apps/flux.yaml': instance('2.5.1'),
    ...Object.fromEntries(
      ['a', 'b'].map((name) => [
        `apps/${name}/kustomization.yaml`,
        `namespace: ${name}\ncomponents: [../../component]\n`,
      ]),
    ),
    'component/kustomization.yaml': 'kind: Component\nresources: [a.yaml]\n',
    'component/a.yaml': object(`${source}/v1`, 'OCIRepository'),
  };
  expect(findingsOf(apiVersionNotServed, cluster(files))).toMatchObject([
    { at: 'component/a.yaml:1:1', subject: 'OCIRepository a (in namespaces a and b)' },
  ]);
});

test('silent: what it serves, another kind of the group, no Flux at all', () => {
  expect(under(instance('2.6.1'), `${source}/v1`, 'OCIRepository')).toEqual([]);
  expect(under(instance('2.6.1'), `${source}/v9`, 'NewRepository')).toEqual([]);
  expect(under('', `${source}/v1`, 'OCIRepository')).toEqual([]);
});
