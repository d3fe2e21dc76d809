/** Who produces what: objects of files, generators, external secrets, operators, charts and remote bases. */
import type { AppliedObject, Applier } from '../flux/flux-kustomization.js';
import type { FluxState } from '../flux/flux-state.js';
import type { HelmRelease } from '../flux/helm-release.js';
import { externalSecretKeys, externalSecretTarget } from '../flux/secret-keys.js';
import { fieldOf, fieldsOf, isMap, itemsOf, nonEmpty, textsOf, valueAt } from '../manifests/fields.js';
import type { Origin } from '../manifests/origin.js';
import { appTemplateOutputs } from './app-template-outputs.js';
import { type ChartOutputs, chartOutputs } from './chart-outputs.js';
import { definitionName } from './definitions.js';
import { cephOutputs, operatorOutputs } from './operator-outputs.js';
import type { Producer, ProducerForm, Target, TargetKind } from './reference.js';
import { remoteOutputs } from './remote-outputs.js';

/** Every producer that the state shows. */
export function* produce(flux: FluxState): Generator<Producer> {
  const namespaces = flux.objects.filter(({ id }) => id.group === '' && id.kind === 'Namespace');
  const certManager = flux.helmReleases.find(({ chart }) => chart?.name === 'cert-manager');
  for (const object of flux.objects) {
    yield* ofManifest(object);
    yield* ofExternalSecret(object, namespaces);
    for (const { kind, name, namespace = object.id.namespace, keys } of operatorOutputs(
      object.id,
      object.composed.value,
    )) {
      yield ofObject(object, 'operator', { kind, namespace, name }, keys && new Set(keys));
    }
    const account = certManager && acmeAccount(object);
    if (account !== undefined) {
      yield ofObject(object, 'operator', {
        kind: 'Secret',
        namespace: certManager?.targetNamespace ?? '',
        name: account,
      });
    }
  }
  for (const release of flux.helmReleases) yield* ofRelease(release);
  for (const applier of [...flux.entryPoints, ...flux.kustomizations]) yield* ofRemotes(applier);
  yield* builtIn(flux);
}

/** Kinds whose objects are what others name; with the group that they are of. */
const named: Readonly<Record<string, TargetKind>> = {
  '/Secret': 'Secret',
  '/ConfigMap': 'ConfigMap',
  '/PersistentVolumeClaim': 'PersistentVolumeClaim',
  '/Namespace': 'Namespace',
  'storage.k8s.io/StorageClass': 'StorageClass',
  'snapshot.storage.k8s.io/VolumeSnapshotClass': 'VolumeSnapshotClass',
  'external-secrets.io/SecretStore': 'SecretStore',
  'external-secrets.io/ClusterSecretStore': 'ClusterSecretStore',
  'cert-manager.io/Issuer': 'Issuer',
  'cert-manager.io/ClusterIssuer': 'ClusterIssuer',
  'kustomize.toolkit.fluxcd.io/Kustomization': 'Kustomization',
  'helm.toolkit.fluxcd.io/HelmRelease': 'HelmRelease',
};

function* ofManifest(object: AppliedObject): Generator<Producer> {
  const { id, composed, manifest, generated } = object;
  const { value } = composed;
  const key = `${id.group}/${id.kind}`;
  const kind = Object.hasOwn(named, key) ? named[key] : undefined;
  if (kind) {
    const form = generated ? 'generator' : manifest?.isEncrypted ? 'encrypted' : 'manifest';
    const keys = kind === 'Secret' || kind === 'ConfigMap' ? dataKeys(value) : undefined;
    yield ofObject(object, form, { kind, namespace: id.namespace, name: id.name }, keys);
  }
  if (id.kind === 'CustomResourceDefinition') {
    const spec = fieldOf(value, 'spec');
    const [group, defined] = [nonEmpty(fieldOf(spec, 'group')), nonEmpty(valueAt(spec, ['names', 'kind']))];
    if (group && defined)
      yield ofObject(object, 'manifest', clusterWide('CustomResourceDefinition', definitionName(group, defined)));
  }
  // A volume that is made by hand may name a class that exists nowhere else: claims find it by that name.
  const volumeClass =
    id.kind === 'PersistentVolume' ? nonEmpty(valueAt(value, ['spec', 'storageClassName'])) : undefined;
  if (volumeClass !== undefined) yield ofObject(object, 'manifest', clusterWide('StorageClass', volumeClass));
  if (id.kind === 'StatefulSet') yield* ofClaimTemplates(object);
}

function dataKeys(value: unknown): ReadonlySet<string> {
  return new Set(['data', 'stringData', 'binaryData'].flatMap((field) => Object.keys(fieldsOf(fieldOf(value, field)))));
}

/** `<template>-<set>-<number>`. */
function* ofClaimTemplates(object: AppliedObject): Generator<Producer> {
  const { id, composed } = object;
  const replicas = valueAt(composed.value, ['spec', 'replicas']);
  const count = typeof replicas === 'number' ? Math.min(replicas, 50) : 1;
  for (const template of itemsOf(valueAt(composed.value, ['spec', 'volumeClaimTemplates']))) {
    const name = nonEmpty(valueAt(template, ['metadata', 'name']));
    for (let index = 0; name !== undefined && index < count; index++) {
      const claim = `${name}-${id.name}-${index}`;
      yield ofObject(object, 'manifest', { kind: 'PersistentVolumeClaim', namespace: id.namespace, name: claim });
    }
  }
}

function* ofExternalSecret(object: AppliedObject, namespaces: readonly AppliedObject[]): Generator<Producer> {
  const { id, composed } = object;
  if (id.group !== 'external-secrets.io') return;
  const spec = fieldOf(composed.value, 'spec');
  if (id.kind === 'ExternalSecret' && creates(spec)) {
    const name = externalSecretTarget(composed.value, id.name);
    yield ofObject(object, 'external-secret', { kind: 'Secret', namespace: id.namespace, name }, keysOf(spec));
  }
  if (id.kind !== 'ClusterExternalSecret') return;
  const inner = fieldOf(spec, 'externalSecretSpec');
  if (!creates(inner)) return;
  const name = externalSecretTarget({ spec: inner }, nonEmpty(fieldOf(spec, 'externalSecretName')) ?? id.name);
  for (const namespace of selectedNamespaces(spec, namespaces)) {
    yield ofObject(object, 'external-secret', { kind: 'Secret', namespace, name }, keysOf(inner));
  }
}

/** With `Merge` and `None` the Secret must be there already. */
function creates(spec: unknown): boolean {
  const policy = valueAt(spec, ['target', 'creationPolicy']);
  return policy !== 'Merge' && policy !== 'None';
}

function keysOf(spec: unknown): ReadonlySet<string> | undefined {
  const { names, isOpen } = externalSecretKeys(spec);
  return isOpen ? undefined : names;
}

/** By name, or by the labels that the Namespaces of the tree have. */
function selectedNamespaces(spec: unknown, namespaces: readonly AppliedObject[]): readonly string[] {
  const listed = itemsOf(fieldOf(spec, 'namespaces')).filter((name) => typeof name === 'string');
  const selectors = [fieldOf(spec, 'namespaceSelector'), ...itemsOf(fieldOf(spec, 'namespaceSelectors'))].filter(isMap);
  const selected = namespaces.filter(({ id, composed }) => {
    const labels = new Map(textsOf(valueAt(composed.value, ['metadata', 'labels']))).set(
      'kubernetes.io/metadata.name',
      id.name,
    );
    return selectors.some((selector) => selects(selector, labels));
  });
  return [...new Set([...listed, ...selected.map(({ id }) => id.name)])];
}

function selects(selector: unknown, labels: ReadonlyMap<string, string>): boolean {
  const equal = [...textsOf(fieldOf(selector, 'matchLabels'))].every(([key, text]) => labels.get(key) === text);
  return (
    equal &&
    itemsOf(fieldOf(selector, 'matchExpressions')).every((expression) => {
      const key = nonEmpty(fieldOf(expression, 'key')) ?? '';
      const values = itemsOf(fieldOf(expression, 'values'));
      switch (fieldOf(expression, 'operator')) {
        case 'In':
          return values.includes(labels.get(key));
        case 'NotIn':
          return !values.includes(labels.get(key));
        case 'Exists':
          return labels.has(key);
        default:
          return !labels.has(key);
      }
    })
  );
}

/** The key of an ACME account, which cert-manager keeps in its own namespace for a ClusterIssuer. */
function acmeAccount({ id, composed }: AppliedObject): string | undefined {
  if (id.kind !== 'ClusterIssuer') return undefined;
  return nonEmpty(valueAt(composed.value, ['spec', 'acme', 'privateKeySecretRef', 'name']));
}

function* ofRelease(release: HelmRelease): Generator<Producer> {
  const { chart, values, targetNamespace: namespace, spec } = release;
  const name = chart?.name;
  const of = (target: Target, keys?: ReadonlySet<string>): Producer => ({
    ...ofObject(release.object, 'chart', target, keys),
    release,
  });
  if (spec.install.createNamespace === true) yield of(clusterWide('Namespace', namespace));
  if (name === undefined) return;
  yield* ofOutputs(chartOutputs(name, values.value), values.value, namespace).map((target) => of(target));
  if (name === 'app-template')
    for (const { kind, name: made, keys } of appTemplateOutputs(release))
      yield of({ kind, namespace, name: made }, keys);
  if (name === 'rook-ceph-cluster')
    for (const { kind, name: made } of cephOutputs) yield of({ kind, namespace, name: made });
}

function ofOutputs(outputs: ChartOutputs | undefined, values: unknown, namespace: string): readonly Target[] {
  if (!outputs) return [];
  const classes = outputs.classes?.(values, namespace) ?? [];
  return [
    ...outputs.groups.map((group) => clusterWide('CustomResourceDefinition', `*.${group}`)),
    ...classes.map(({ kind, name }) => clusterWide(kind, name)),
  ];
}

/** Remote bases of a build, and sources of other repositories whose manifests nobody sees. */
function* ofRemotes(applier: Applier): Generator<Producer> {
  const remotes = (applier.build?.unknowns ?? []).flatMap(({ code, text, origin }) =>
    code === 'remote' ? [{ url: text, origin }] : [],
  );
  if (applier.kind === 'kustomization' && applier.source.status === 'other') {
    const { url, object } = applier.source.source;
    if (url !== undefined) remotes.push({ url, origin: object.composed.origin(['spec', 'url']) });
  }
  for (const { url, origin } of remotes) yield* ofRemote(url, applier, origin);
}

export function* ofRemote(url: string, owner: Applier | undefined, origin: Origin | undefined): Generator<Producer> {
  const outputs = remoteOutputs(url);
  const targets = [
    ...(outputs?.groups ?? []).map((group) => clusterWide('CustomResourceDefinition', `*.${group}`)),
    ...(outputs?.storageClasses ?? []).map((name) => clusterWide('StorageClass', name)),
  ];
  for (const target of targets) yield { ...producer('remote', target), owner, origin };
}

function* builtIn({ entryPoints }: FluxState): Generator<Producer> {
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease', 'flux-system']) {
    yield producer('built-in', clusterWide('Namespace', name));
  }
  // Flux is there wherever it reads these files.
  yield producer('built-in', clusterWide('CustomResourceDefinition', '*.*.toolkit.fluxcd.io'));
  // A sync is made of a FluxInstance by its operator: whoever installed that brought its definitions.
  if (entryPoints.some(({ kind }) => kind === 'sync'))
    yield producer('built-in', clusterWide('CustomResourceDefinition', '*.fluxcd.controlplane.io'));
}

function clusterWide(kind: TargetKind, name: string): Target {
  return { kind, namespace: '', name };
}

function ofObject(object: AppliedObject, form: ProducerForm, target: Target, keys?: ReadonlySet<string>): Producer {
  const { owner, composed, generated } = object;
  const hasHash = generated?.hasHash === true;
  return { target, form, object, release: undefined, owner, origin: composed.root, keys, hasHash };
}

function producer(form: ProducerForm, target: Target): Producer {
  return {
    target,
    form,
    object: undefined,
    release: undefined,
    owner: undefined,
    origin: undefined,
    keys: undefined,
    hasHash: false,
  };
}
