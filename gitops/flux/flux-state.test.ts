import { describe, expect, test } from 'vitest';
import { fluxKustomization, object, repositoryOf, withRoot } from '../model/testing.js';

const names = (ids: readonly { readonly id: { readonly namespace: string; readonly name: string } }[]) =>
  ids.map(({ id }) => `${id.namespace}/${id.name}`);

describe('where Flux starts', () => {
  const sync = (path: string) => `apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec:
  sync:
    kind: GitRepository
    url: https://example.org/me/home.git
    path: ${path}
`;

  test('the path that a FluxInstance syncs', () => {
    const { flux } = repositoryOf({
      'instance.yaml': sync('./clusters/home'),
      'clusters/home/apps.yaml': fluxKustomization('apps', 'apps'),
      'apps/orphan/ks.yaml': fluxKustomization('orphan', 'apps/orphan/app'),
      'apps/orphan/app/a.yaml': object('ConfigMap', 'a'),
      'apps/kustomization.yaml': 'resources: []',
    });
    expect(flux.entryPoints.map(({ kind, build, origin }) => [kind, build?.directory, origin?.place.line])).toEqual([
      ['sync', 'clusters/home', 8],
    ]);
    expect(names(flux.roots)).toEqual(['flux-system/apps']);
    expect(flux.unreached.map(({ id }) => id.name)).toEqual(['orphan']);
  });

  test('the values of the flux-instance chart, in the file that a generator names', () => {
    const { flux } = repositoryOf({
      'instance/kustomization.yaml': `resources: [helmrelease.yaml]
configMapGenerator: [{name: values, files: [values.yaml]}]
configurations: [names.yaml]
`,
      'instance/names.yaml':
        'nameReference: [{kind: ConfigMap, fieldSpecs: [{path: spec/valuesFrom/name, kind: HelmRelease}]}]',
      'instance/helmrelease.yaml': object(
        'HelmRelease',
        'flux-instance',
        `spec:
  chartRef: {kind: OCIRepository, name: flux-instance}
  valuesFrom: [{kind: ConfigMap, name: values}]
`,
      ),
      'instance/values.yaml': 'instance:\n  sync:\n    path: clusters/home\n',
      'clusters/home/apps.yaml': fluxKustomization('apps', 'apps'),
      'apps/a.yaml': object('ConfigMap', 'a'),
    });
    expect(flux.entryPoints[0]?.origin?.place).toEqual({ file: 'instance/values.yaml', line: 3, column: 5 });
    expect(names(flux.kustomizations)).toEqual(['flux-system/apps']);
  });

  test('a Kustomization that builds itself, and what it builds beside', () => {
    const { flux } = repositoryOf({
      'cluster/flux/self.yaml': fluxKustomization('self', 'cluster/flux'),
      'cluster/flux/apps.yaml': fluxKustomization('apps', 'cluster/apps'),
      'cluster/apps/a.yaml': object('ConfigMap', 'a'),
    });
    expect(flux.entryPoints).toEqual([]);
    expect(names(flux.roots)).toEqual(['flux-system/self']);
    const [self] = flux.roots;
    expect(self?.object.owner).toBe(self);
    expect(names(flux.kustomizations)).toEqual(['flux-system/self', 'flux-system/apps']);
  });

  test('else Kustomizations that nothing builds and whose path is there; not templates of some', () => {
    const { flux } = repositoryOf({
      'flux/root.yaml': fluxKustomization('root', 'apps'),
      'apps/child.yaml': fluxKustomization('child', 'app'),
      'app/a.yaml': object('ConfigMap', 'a'),
      'docs/template.yaml': fluxKustomization('<name>', 'apps/<name>'),
    });
    expect(flux.entryPoints.map(({ kind, objects }) => [kind, names(objects)])).toEqual([
      ['by-hand', ['flux-system/root']],
    ]);
    expect(names(flux.kustomizations)).toEqual(['flux-system/root', 'flux-system/child']);
  });

  test('Kustomizations that build each other: one of them was applied', () => {
    const { flux } = repositoryOf({ 'a/b.yaml': fluxKustomization('b', 'b'), 'b/a.yaml': fluxKustomization('a', 'a') });
    expect(names(flux.kustomizations)).toEqual(['flux-system/b', 'flux-system/a']);
  });
});

describe('what is in effect', () => {
  test('the namespace of the folder, as written and in effect', () => {
    const { flux } = withRoot({
      'apps/kustomization.yaml': 'namespace: media\nresources: [ks.yaml]',
      'apps/ks.yaml': fluxKustomization('plex', 'plex', '  targetNamespace: media\n'),
      'plex/a.yaml': object('ConfigMap', 'a'),
    });
    const plex = flux.kustomization('media', 'plex');
    expect(plex?.object.manifest?.id.namespace).toBe('flux-system');
    expect(plex && names(plex.objects)).toEqual(['media/a']);
    expect(flux.kustomization('flux-system', 'plex')).toBeUndefined();
  });

  test("a root's patch of every child, with a patch for every HelmRelease: two levels, each value with its line", () => {
    const patches = `  patches:
    - target: {kind: Kustomization}
      patch: |-
        kind: Kustomization
        spec:
          timeout: 5m
          patches:
            - target: {kind: HelmRelease}
              patch: |-
                kind: HelmRelease
                spec:
                  timeout: 9m
`;
    const { flux } = withRoot(
      {
        'apps/ks.yaml': fluxKustomization('app', 'app'),
        'app/a.yaml': object(
          'HelmRelease',
          'app',
          'spec: {interval: 1h, chartRef: {kind: OCIRepository, name: app}}\n',
        ),
      },
      patches,
    );
    const app = flux.kustomization('flux-system', 'app');
    expect([app?.written.timeout, app?.spec.timeout]).toEqual([undefined, '5m']);
    expect(app?.object.composed.origin(['spec', 'timeout']).place).toEqual({
      file: 'flux/root.yaml',
      line: 18,
      column: 11,
    });
    const release = flux.helmReleases[0];
    expect([release?.written.timeout, release?.spec.timeout]).toEqual([undefined, '9m']);
    expect(release?.object.composed.origin(['spec', 'timeout']).place).toEqual({
      file: 'flux/root.yaml',
      line: 24,
      column: 19,
    });
    expect(release?.object.composed.origin(['spec', 'interval']).place.file).toBe('app/a.yaml');
  });

  test('common metadata and components of the spec', () => {
    const spec = '  components: [../common]\n  commonMetadata: {labels: {team: x}}\n';
    const { flux } = withRoot(
      {
        'apps/kustomization.yaml': 'resources: [a.yaml]',
        'apps/a.yaml': object('ConfigMap', 'a'),
        'common/kustomization.yaml': 'kind: Component\nresources: [b.yaml]',
        'common/b.yaml': object('Secret', 'b'),
      },
      spec,
    );
    const [root] = flux.roots;
    expect(root?.objects.map(({ id, composed }) => [id.name, composed.at(['metadata', 'labels']).value])).toEqual([
      ['a', { team: 'x' }],
      ['b', { team: 'x' }],
    ]);
  });

  test('two Kustomizations that apply one object own it both', () => {
    const repository = withRoot({
      'apps/a.yaml': fluxKustomization('a', 'shared'),
      'apps/b.yaml': fluxKustomization('b', 'shared'),
      'shared/c.yaml': object('ConfigMap', 'c'),
    });
    const owners = repository.ownership.of({ group: '', kind: 'ConfigMap', namespace: '', name: 'c' });
    expect(owners.map(({ owner }) => owner.id.name)).toEqual(['a', 'b']);
    expect(repository.ownership.shared).toEqual([owners]);
  });
});

describe('paths and sources', () => {
  test('a path that is no folder is missing; under another source it is unknown', () => {
    const other = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: other, namespace: flux-system}
spec: {url: https://example.org/other}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: elsewhere, namespace: flux-system}
spec: {path: ./deploy, sourceRef: {kind: GitRepository, name: other}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: unsourced, namespace: flux-system}
spec: {path: ./deploy, sourceRef: {kind: GitRepository, name: nobody}}
`;
    const { flux } = withRoot({ 'apps/ks.yaml': fluxKustomization('gone', 'gone'), 'apps/other.yaml': other });
    const found = flux.kustomizations.map(
      ({ id, directory, source }) => `${id.name} ${directory.status} ${source.status}`,
    );
    expect(found).toEqual([
      'root here this-repository',
      'gone missing this-repository',
      'elsewhere unknown other',
      'unsourced unknown missing',
    ]);
  });

  test('two spellings of one address are one source', () => {
    const source = (name: string, url: string) => `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: ${name}, namespace: flux-system}
spec: {url: "${url}"}
`;
    const { flux } = withRoot({
      'apps/sources.yaml': `${source('flux-system', 'ssh://git@example.org/me/home')}---\n${source('again', 'https://example.org/me/home.git')}`,
      'apps/ks.yaml': fluxKustomization('app', 'app').replace(
        'name: flux-system\n    namespace',
        'name: again\n    namespace',
      ),
      'app/a.yaml': object('ConfigMap', 'a'),
    });
    expect(flux.kustomization('flux-system', 'app')?.directory.status).toBe('here');
  });
});
