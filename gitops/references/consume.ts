/** Who consumes what: fields of manifests that the API defines, and values of charts that look like them. */
import type { AppliedObject } from '../flux/flux-kustomization.js';
import type { FluxState } from '../flux/flux-state.js';
import type { HelmRelease } from '../flux/helm-release.js';
import { helmGroup, readHelmReleaseSpec } from '../flux/helm-release-spec.js';
import { kustomizeGroup, readKustomizationSpec } from '../flux/kustomization-spec.js';
import { holdsName } from '../kustomize/name-references.js';
import type { Composed } from '../manifests/composed.js';
import { fieldOf, isMap, itemsOf, nonEmpty, textsOf, valueAt } from '../manifests/fields.js';
import { groupAndVersion } from '../manifests/object-id.js';
import { oncePer, oncePerValue } from '../manifests/once-per.js';
import { connectSecrets } from './connect-secrets.js';
import { definitionName, isKubernetesGroup } from './definitions.js';
import type { Consumer, TargetKind } from './reference.js';
import { type Mention, mentionsIn } from './shapes.js';

/** Every consumer that the state shows. */
export function* consume(flux: FluxState): Generator<Consumer> {
  const issuers =
    flux.helmReleases.find(({ chart }) => chart?.name === 'cert-manager')?.targetNamespace ?? 'cert-manager';
  for (const object of flux.objects) {
    for (const mention of mentionsOf(object.composed)) {
      const consumer = ofMention(object, mention, object.id.kind === 'ClusterIssuer' ? issuers : object.id.namespace);
      if (consumer) yield consumer;
    }
    yield* ofIdentity(object);
  }
  for (const release of flux.helmReleases) yield* ofValues(release);
}

/** The namespace that it is in, and the definition of its kind. */
function* ofIdentity(object: AppliedObject): Generator<Consumer> {
  const { group, kind, namespace } = object.id;
  if (namespace !== '') yield consumerOf(object, 'Namespace', '', namespace, ['metadata', 'namespace']);
  if (isKubernetesGroup(group)) return;
  yield consumerOf(object, 'CustomResourceDefinition', '', definitionName(group, kind), ['apiVersion']);
}

/** Schemas and rules are full of fields that are called so and name nothing. */
const withoutMentions = new Set([
  'ConfigMap',
  'CustomResourceDefinition',
  'ClusterPolicy',
  'MutatingAdmissionPolicy',
  'Policy',
  'PrometheusRule',
  'Secret',
  'ValidatingAdmissionPolicy',
]);

/** APIs in which `{name, key}` selects a key of a Secret. */
const selecting = new Set([
  'cert-manager.io',
  'dragonflydb.io',
  'external-secrets.io',
  'k8s.mariadb.com',
  'monitoring.coreos.com',
  'postgresql.cnpg.io',
  'velero.io',
]);

const mentionsOf = oncePer(({ value }: Composed): readonly Mention[] => [...readMentions(value)]);

function* readMentions(value: unknown): Generator<Mention> {
  const kind = nonEmpty(fieldOf(value, 'kind')) ?? '';
  const { group } = groupAndVersion(nonEmpty(fieldOf(value, 'apiVersion')) ?? '');
  if (withoutMentions.has(kind)) return;
  const dialect = { isValues: false, hasKeySelectors: selecting.has(group) };
  if (group === kustomizeGroup) yield* ofKustomization(value);
  if (group === helmGroup) yield* ofHelmRelease(value);
  if (group === 'volsync.backube') yield* ofVolsync(value);
  if (kind === 'StorageClass') yield* ofStorageClass(value);
  if (kind === 'TriggerAuthentication') yield* ofTriggers(value);
  for (const mention of mentionsIn(withoutCharts(value, group), dialect)) {
    if (isMeant(mention, kind, value)) yield mention;
  }
}

/** The values of a release are read where they are merged. */
function withoutCharts(value: unknown, group: string): unknown {
  const spec = fieldOf(value, 'spec');
  if (group !== helmGroup || !isMap(spec) || !isMap(value)) return value;
  const { values: _values, postRenderers: _renderers, ...rest } = spec;
  return { ...value, spec: rest };
}

function isMeant({ kind: target, path, namespace }: Mention, kind: string, value: unknown): boolean {
  if (kind === 'Certificate' && target === 'Secret' && path.at(-1) === 'secretName') return false;
  // Volumes that are made by hand have classes of their own, and so have claims that name their volume.
  if (target === 'StorageClass' && kind === 'PersistentVolume') return false;
  if (target === 'StorageClass' && kind === 'PersistentVolumeClaim')
    return valueAt(value, ['spec', 'volumeName']) === undefined;
  // Without a namespace it is that of each ExternalSecret which uses the store.
  if (kind === 'ClusterSecretStore') return namespace !== undefined;
  return kind !== 'ClusterExternalSecret' || target === 'ClusterSecretStore';
}

function* ofKustomization(value: unknown): Generator<Mention> {
  const { dependsOn, substituteFrom } = readKustomizationSpec(value);
  for (const { name, namespace, index } of dependsOn) {
    yield named('Kustomization', name, namespace, ['spec', 'dependsOn', index, 'name']);
  }
  for (const { kind, name, optional, index } of substituteFrom) {
    const path = ['spec', 'postBuild', 'substituteFrom', index, 'name'];
    yield { ...named(kind, name, undefined, path), isOptional: optional };
  }
}

function* ofHelmRelease(value: unknown): Generator<Mention> {
  const { dependsOn, valuesFrom, targetNamespace, install } = readHelmReleaseSpec(value);
  for (const { name, namespace, index } of dependsOn) {
    yield named('HelmRelease', name, namespace, ['spec', 'dependsOn', index, 'name']);
  }
  for (const { kind, name, optional, valuesKey, index } of valuesFrom) {
    yield {
      ...named(kind, name, undefined, ['spec', 'valuesFrom', index, 'name']),
      isOptional: optional,
      key: valuesKey,
    };
  }
  if (targetNamespace !== undefined && install.createNamespace !== true) {
    yield named('Namespace', targetNamespace, '', ['spec', 'targetNamespace']);
  }
}

function* ofVolsync(value: unknown): Generator<Mention> {
  const fields: readonly (readonly [TargetKind, readonly string[]])[] = [
    ['PersistentVolumeClaim', ['spec', 'sourcePVC']],
    ['PersistentVolumeClaim', ['spec', 'restic', 'destinationPVC']],
    ['Secret', ['spec', 'restic', 'repository']],
    ['Secret', ['spec', 'rclone', 'rcloneConfig']],
    ['Secret', ['spec', 'rsyncTLS', 'keySecret']],
  ];
  for (const [kind, path] of fields) {
    const name = nonEmpty(valueAt(value, path));
    if (name !== undefined) yield named(kind, name, undefined, path);
  }
}

/** `csi.storage.k8s.io/provisioner-secret-name` and the namespace that goes with it. */
function* ofStorageClass(value: unknown): Generator<Mention> {
  const parameters = textsOf(fieldOf(value, 'parameters'));
  for (const [key, name] of parameters) {
    if (!key.endsWith('-secret-name')) continue;
    const namespace = parameters.get(key.replace(/-name$/, '-namespace'));
    if (namespace !== undefined) yield named('Secret', name, namespace, ['parameters', key]);
  }
}

function* ofTriggers(value: unknown): Generator<Mention> {
  for (const [index, item] of itemsOf(valueAt(value, ['spec', 'secretTargetRef'])).entries()) {
    const name = nonEmpty(fieldOf(item, 'name'));
    const path = ['spec', 'secretTargetRef', index, 'name'];
    if (name !== undefined) yield { ...named('Secret', name, undefined, path), key: nonEmpty(fieldOf(item, 'key')) };
  }
}

const mentionsInValues = oncePerValue((values) => mentionsIn(values, { isValues: true, hasKeySelectors: false }));

function* ofValues(release: HelmRelease): Generator<Consumer> {
  const { object, values, targetNamespace, chart } = release;
  if (chart?.name === 'connect')
    for (const { path, name, isMade } of connectSecrets(values.value))
      if (!isMade)
        yield {
          ...consumerOf(object, 'Secret', targetNamespace, name, path),
          release,
          origin: values.origin(path),
          followsHash: false,
        };
  // app-template hands these fields on to Kubernetes as they are.
  const certainty = chart?.name === 'app-template' ? 'exact' : 'guess';
  for (const mention of mentionsInValues(values.value)) {
    const name = rendered(mention.name, release);
    if (name === undefined) continue;
    const { kind, path, key, isOptional } = mention;
    const isInline = valueAt(object.composed.value, ['spec', 'values', ...path]) === mention.name;
    yield {
      target: { kind, namespace: isClusterWide(kind) ? '' : (mention.namespace ?? targetNamespace), name },
      object,
      owner: object.owner,
      release,
      origin: values.origin(path),
      path,
      key,
      isOptional,
      certainty,
      followsHash: isInline && followsHash(object, kind, ['spec', 'values', ...path]),
    };
  }
}

/** Only the simplest template is carried out; a name that needs more is no name here. */
function rendered(name: string, { releaseName, targetNamespace }: HelmRelease): string | undefined {
  const text = name
    .replaceAll(/\{\{-?\s*\.Release\.Name\s*-?\}\}/g, releaseName)
    .replaceAll(/\{\{-?\s*\.Release\.Namespace\s*-?\}\}/g, targetNamespace);
  return text.includes('{{') ? undefined : text;
}

function ofMention(object: AppliedObject, mention: Mention, namespace: string): Consumer | undefined {
  const { kind, path, key, isOptional } = mention;
  const where = isClusterWide(kind) ? '' : (mention.namespace ?? namespace);
  return { ...consumerOf(object, kind, where, mention.name, path), key, isOptional };
}

function consumerOf(
  object: AppliedObject,
  kind: TargetKind,
  namespace: string,
  name: string,
  path: Consumer['path'],
): Consumer {
  return {
    target: { kind, namespace, name },
    object,
    owner: object.owner,
    release: undefined,
    origin: object.composed.origin(path),
    path,
    key: undefined,
    isOptional: false,
    certainty: 'exact',
    followsHash: followsHash(object, kind, path),
  };
}

function followsHash({ id, owner }: AppliedObject, kind: TargetKind, path: Consumer['path']): boolean {
  if (kind !== 'Secret' && kind !== 'ConfigMap') return false;
  return holdsName(kind, id, path, owner.build?.nameReferences ?? []);
}

function isClusterWide(kind: TargetKind): boolean {
  return [
    'StorageClass',
    'VolumeSnapshotClass',
    'Namespace',
    'ClusterSecretStore',
    'ClusterIssuer',
    'CustomResourceDefinition',
  ].includes(kind);
}

function named(kind: TargetKind, name: string, namespace: string | undefined, path: Consumer['path']): Mention {
  return { kind, name, namespace, path, key: undefined, isOptional: false };
}
