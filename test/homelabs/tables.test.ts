/** The tables of ../shared/homelabs/README.md, counted again by the model: as written, and in effect. */
import { describe, expect, test } from 'vitest';
import type { FluxKustomization } from '../../gitops/flux/flux-kustomization.js';
import { helmGroup, type HelmReleaseSpec, readHelmReleaseSpec } from '../../gitops/flux/helm-release-spec.js';
import {
  isKustomization,
  type KustomizationSpec,
  readKustomizationSpec,
} from '../../gitops/flux/kustomization-spec.js';
import { fieldOf, isMap } from '../../gitops/manifests/fields.js';
import type { Manifest } from '../../gitops/manifests/manifest.js';
import type { Repository } from '../../gitops/model/repository.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import { homelabNames, missingData, readHomelabsFile, treeOfFolders } from './homelab-trees.js';

const readHomelab = (name: string) => readRepository(treeOfFolders([name]));

describe.skipIf(missingData !== '')(`what a reading finds${missingData}`, () => {
  const rows = missingData === '' ? rowsOf(readHomelabsFile('README.md')) : new Map<string, string[]>();
  test.for(homelabNames)('%s', (name) => expect(reading(readHomelab(name))).toEqual(rows.get(name)));
});

describe.skipIf(missingData !== '')(`the baseline of anton${missingData}`, () => {
  const repository = missingData === '' ? readHomelab('anton') : undefined;
  const flux = repository?.flux;
  const kustomizations = flux?.kustomizations ?? [];
  const apps = kustomizations.filter(({ object }) => object.manifest?.file.path.startsWith('kubernetes/apps/'));
  const count = (holds: (one: FluxKustomization) => boolean) => apps.filter(holds).length;

  test('26 ks.yaml with 30 application Kustomizations, and 2 roots', () => {
    expect(new Set(apps.map(({ object }) => object.manifest?.file.path)).size).toBe(26);
    expect(apps).toHaveLength(30);
    expect(flux?.roots.map(({ id, object }) => [id.name, object.composed.root.place.file])).toEqual([
      ['cluster-meta', 'kubernetes/flux/cluster/ks.yaml'],
      ['cluster-apps', 'kubernetes/flux/cluster/ks.yaml'],
    ]);
  });

  test('retries, timeouts and readiness of the 30', () => {
    expect(count(({ spec }) => spec.retryInterval === undefined)).toBe(13);
    expect(count(({ spec }) => spec.timeout === undefined)).toBe(7);
    expect(flux?.roots.map(({ spec }) => spec.timeout)).toEqual([undefined, undefined]);
    expect(count(({ spec }) => !isReadinessKnown(spec))).toBe(18);
    expect(count(({ spec }) => !isReadinessKnown(spec) && spec.wait === false)).toBe(12);
    expect(count(({ spec }) => !isReadinessKnown(spec) && spec.wait === undefined)).toBe(6);
    expect(count(({ spec }) => spec.wait === false)).toBe(13);
    expect(count(({ spec }) => spec.wait === true && spec.healthChecks.length > 0)).toBe(6);
    expect(count(({ spec }) => spec.dependsOn.length === 0)).toBe(18);
  });

  test('10 whose namespace in effect is not the one in their file, which says flux-system', () => {
    const moved = apps.filter(({ id, object }) => object.manifest?.id.namespace !== id.namespace);
    expect(moved.map(({ object }) => object.manifest?.id.namespace)).toEqual(Array(10).fill('flux-system'));
  });

  test('2 dangling dependencies in effect, and another one by the files', () => {
    if (!repository) return;
    const declared = repository.manifests.filter(({ id }) => isKustomization(id));
    expect(danglingInEffect(repository)).toEqual([
      'external-secrets/onepassword-connect -> flux-system/external-secrets',
      'monitoring/kube-prometheus-stack -> flux-system/local-path-provisioner',
    ]);
    expect(danglingAsWritten(declared)).toEqual(['flux-system/test-db -> cnpg-system/cnpg-operator']);
  });

  test('21 HelmReleases: 15 retry for ever, none has a timeout, 14 no resources', () => {
    const releases = flux?.helmReleases ?? [];
    expect(releases).toHaveLength(21);
    expect(releases.filter(({ spec }) => spec.install.retries === -1)).toHaveLength(15);
    expect(releases.filter(({ spec }) => spec.timeout === undefined)).toHaveLength(21);
    expect(releases.filter(({ values }) => !hasResources(values.value))).toHaveLength(14);
  });

  test('7 encrypted files, of which 6 are Secrets', () => {
    const kinds = repository?.encrypted.map(({ value }) => fieldOf(value, 'kind'));
    expect(kinds?.filter((kind) => kind === 'Secret')).toHaveLength(6);
    expect(kinds).toHaveLength(7);
  });

  test('one Secret in clear', () => {
    const secrets = repository?.manifests.filter(({ id, isEncrypted }) => id.kind === 'Secret' && !isEncrypted);
    expect(secrets?.map(({ file }) => file.path)).toEqual(['kubernetes/apps/database/test-db/app/secret.yaml']);
  });

  test('nothing watches, and nothing comes from a store', () => {
    const kinds = ['PrometheusRule', 'ServiceMonitor', 'PodMonitor', 'NetworkPolicy', 'ExternalSecret'];
    expect(repository?.manifests.filter(({ id }) => kinds.includes(id.kind))).toEqual([]);
  });

  test('55 of 165 files have no final newline', () => {
    expect(repository?.files).toHaveLength(165);
    expect(repository?.files.filter(({ text }) => !text.endsWith('\n'))).toHaveLength(55);
  });
});

/** By the name of the repository, of the table that counts what a reading finds. */
function rowsOf(readme: string): ReadonlyMap<string, string[]> {
  const table = readme.split('## What a reading finds')[1]?.split('## ')[0] ?? '';
  const rows = table.split('\n').filter((line) => line.startsWith('| '));
  const cells = rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return new Map(cells.map(([name = '', ...counts]) => [name, counts]));
}

/** One row, in the order of the table; what it counts without an arrow where parts are unreached, it counts in effect. */
function reading(repository: Repository): readonly string[] {
  const { manifests, flux, encrypted } = repository;
  const declared = manifests.filter(({ id }) => isKustomization(id));
  const written = declared.map(({ value }) => readKustomizationSpec(value));
  const inEffect = flux.kustomizations.map(({ spec }) => spec);
  const kustomizations = (holds: (spec: KustomizationSpec) => boolean) =>
    arrow(written.filter(holds).length, inEffect.filter(holds).length);
  const releases = manifests.filter(({ id }) => id.group === helmGroup && id.kind === 'HelmRelease');
  const releaseSpecs = (holds: (spec: HelmReleaseSpec) => boolean) =>
    arrow(
      releases.filter(({ value }) => holds(readHelmReleaseSpec(value))).length,
      flux.helmReleases.filter(({ spec }) => holds(spec)).length,
    );
  return [
    `${declared.length} (${inEffect.length})`,
    kustomizations(({ retryInterval }) => retryInterval === undefined),
    kustomizations(({ timeout }) => timeout === undefined),
    kustomizations((spec) => !isReadinessKnown(spec)),
    String(edges(inEffect)),
    `${danglingInEffect(repository).length} / ${danglingAsWritten(declared).length}`,
    `${releases.length} (${flux.helmReleases.length})`,
    releaseSpecs(({ install }) => install.retries === -1),
    releaseSpecs(({ timeout }) => timeout === undefined),
    String(flux.helmReleases.filter(({ values }) => !hasResources(values.value)).length),
    String(new Set(encrypted.map(({ file }) => file.path)).size),
    String(manifests.filter(({ id }) => id.kind === 'ExternalSecret').length),
  ];
}

/** `as written -> in effect`, where they differ. */
function arrow(before: number, after: number): string {
  return before === after ? String(before) : `${before} -> ${after}`;
}

function isReadinessKnown({ wait, healthChecks }: KustomizationSpec): boolean {
  return wait === true || healthChecks.length > 0;
}

function edges(specs: readonly KustomizationSpec[]): number {
  return specs.reduce((count, { dependsOn }) => count + dependsOn.length, 0);
}

function danglingInEffect({ flux }: Repository): readonly string[] {
  return flux.kustomizations.flatMap(({ id, spec }) =>
    spec.dependsOn
      .map(({ namespace = id.namespace, name }) => ({ namespace, name }))
      .filter(({ namespace, name }) => !flux.kustomization(namespace, name))
      .map(({ namespace, name }) => `${id.namespace}/${id.name} -> ${namespace}/${name}`),
  );
}

function danglingAsWritten(declared: readonly Manifest[]): readonly string[] {
  const names = new Set(declared.map(({ id }) => `${id.namespace}/${id.name}`));
  return declared.flatMap(({ id, value }) =>
    readKustomizationSpec(value)
      .dependsOn.map(({ namespace = id.namespace, name }) => `${namespace}/${name}`)
      .filter((target) => !names.has(target))
      .map((target) => `${id.namespace}/${id.name} -> ${target}`),
  );
}

function hasResources(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasResources);
  if (!isMap(value)) return false;
  return Object.entries(value).some(([key, field]) => {
    if (key === 'resources' && (fieldOf(field, 'requests') !== undefined || fieldOf(field, 'limits') !== undefined))
      return true;
    return hasResources(field);
  });
}
