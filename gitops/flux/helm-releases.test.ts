import { describe, expect, test } from 'vitest';
import { object, withRoot } from '../model/testing.js';

const release = (spec: string, files: Readonly<Record<string, string>> = {}, root = '') => {
  const [found] = withRoot(
    { 'apps/a.yaml': object('HelmRelease', 'app', `  namespace: media\nspec:\n${spec}`), ...files },
    root,
  ).flux.helmReleases;
  if (!found) throw new Error('no release');
  return found;
};
const oci = (namespace: string, name = 'app') =>
  object(
    'OCIRepository',
    name,
    `  namespace: ${namespace}\nspec:\n  url: oci://example.org/charts/app-template\n  ref:\n    tag: 4.1.1\n`,
  );
const chartRef = '  chartRef: {kind: OCIRepository, name: app}\n';

describe('the chart', () => {
  test('of a chartRef is what the source is, in the namespace of the release', () => {
    const { chart } = release(chartRef, { 'apps/oci.yaml': oci('media') });
    expect(chart).toMatchObject({ name: 'app-template', version: '4.1.1', status: 'resolved' });
    expect(chart?.versionOrigin?.place).toEqual({ file: 'apps/oci.yaml', line: 9, column: 5 });
  });

  test('is missing where the source is in another namespace that nobody names', () => {
    expect(release(chartRef, { 'apps/oci.yaml': oci('flux-system') }).chart).toMatchObject({
      status: 'missing',
      sourceId: { kind: 'OCIRepository', namespace: 'media', name: 'app' },
    });
  });

  test('of a HelmRepository has its name and version in the release', () => {
    const spec =
      '  chart: {spec: {chart: velero, version: 11.x, sourceRef: {kind: HelmRepository, name: x, namespace: flux-system}}}\n';
    expect(release(spec).chart).toMatchObject({ name: 'velero', version: '11.x', status: 'missing' });
  });
});

describe('values', () => {
  const generated = {
    'apps/kustomization.yaml': `resources: [a.yaml]
namespace: media
configMapGenerator: [{name: values, files: [values.yaml]}]
configurations: [names.yaml]
`,
    'apps/names.yaml':
      'nameReference: [{kind: ConfigMap, fieldSpecs: [{path: spec/valuesFrom/name, kind: HelmRelease}]}]',
    'apps/values.yaml': 'replicas: 1\nresources:\n  limits: {memory: 1Gi}\nkept: null\n',
  };
  const spec = `${chartRef}  valuesFrom: [{kind: ConfigMap, name: values}]\n  values:\n    replicas: 2\n    resources: {requests: {cpu: 10m}}\n`;

  test('of a file and of the release merge, each with its place', () => {
    const { values, valuesSources } = release(spec, generated);
    expect(values.value).toEqual({
      replicas: 2,
      resources: { limits: { memory: '1Gi' }, requests: { cpu: '10m' } },
      kept: null,
    });
    expect(values.origin(['replicas']).place).toEqual({ file: 'apps/a.yaml', line: 10, column: 5 });
    expect(values.origin(['resources', 'limits', 'memory']).place).toEqual({
      file: 'apps/values.yaml',
      line: 3,
      column: 12,
    });
    expect(values.origin(['resources', 'requests']).place.file).toBe('apps/a.yaml');
    expect(valuesSources.map(({ status, file }) => [status, file?.path])).toEqual([['read', 'apps/values.yaml']]);
  });

  test('a generated name with a hash is not found where kustomize does not know the field', () => {
    const { 'apps/names.yaml': _, ...files } = generated;
    const kustomization = generated['apps/kustomization.yaml'].replace('configurations: [names.yaml]\n', '');
    expect(release(spec, { ...files, 'apps/kustomization.yaml': kustomization }).valuesSources[0]?.status).toBe(
      'hashed',
    );
  });

  test('variables are put into a values file', () => {
    const files = { ...generated, 'apps/values.yaml': 'host: ${APP}.home\n' };
    const { values } = release(spec, files, '  postBuild: {substitute: {APP: plex}}\n');
    expect(values.at(['host']).value).toBe('plex.home');
    expect(values.origin(['host']).place).toEqual({ file: 'apps/values.yaml', line: 1, column: 1 });
  });

  test('of a ConfigMap in place, a Secret, a target path, and of nothing', () => {
    const from = `${chartRef}  valuesFrom:
    - {kind: ConfigMap, name: inline}
    - {kind: ConfigMap, name: inline, valuesKey: password, targetPath: auth.password}
    - {kind: Secret, name: secret}
    - {kind: Secret, name: gone}
`;
    const inline = object(
      'ConfigMap',
      'inline',
      '  namespace: media\ndata:\n  password: abc\n  values.yaml: |\n    a:\n      b: 1\n',
    );
    const secret = object('ExternalSecret', 'secret', '  namespace: media\nspec: {dataFrom: [{extract: {key: x}}]}\n');
    const { values, valuesSources } = release(from, { 'apps/b.yaml': `${inline}---\n${secret}` });
    expect(valuesSources.map(({ status }) => status)).toEqual(['read', 'read', 'opaque', 'missing']);
    expect(values.value).toEqual({ a: { b: 1 }, auth: { password: 'abc' } });
    expect(values.origin(['a', 'b']).place).toEqual({ file: 'apps/b.yaml', line: 10, column: 7 });
    expect(values.origin(['auth', 'password']).place.line).toBe(7);
  });
});

test('a HelmRelease without a chart is a patch, and no release', () => {
  const { flux, manifests } = withRoot({ 'apps/a.yaml': object('HelmRelease', 'app', 'spec: {values: {}}\n') });
  expect(flux.helmReleases).toEqual([]);
  expect(manifests.filter(({ id }) => id.kind === 'HelmRelease')).toHaveLength(1);
});
