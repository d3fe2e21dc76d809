/** Fields that name other objects, wherever they stand: by the shapes that Kubernetes, operators and charts share. */
import { type Fields, fieldOf, isMap, nonEmpty } from '../manifests/fields.js';
import type { YamlPath } from '../yaml/yaml-file.js';
import { issuerAnnotations } from './operator-outputs.js';
import type { TargetKind } from './reference.js';

export interface Mention {
  readonly kind: TargetKind;
  readonly name: string;
  /** Undefined: that of who mentions it. */
  readonly namespace: string | undefined;
  /** To the name. */
  readonly path: YamlPath;
  readonly key: string | undefined;
  readonly isOptional: boolean;
}

export interface Dialect {
  /** Values of a chart: keys that charts have for it count, too. */
  readonly isValues: boolean;
  /** Whether `{name, key}` alone selects a key of a Secret, as in the APIs of many operators. */
  readonly hasKeySelectors: boolean;
}

export function* mentionsIn(value: unknown, dialect: Dialect, path: YamlPath = []): Generator<Mention> {
  if (path.length > maxDepth) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (typeof item === 'object') yield* mentionsIn(item, dialect, [...path, index]);
    }
  } else if (isMap(value)) {
    for (const [key, field] of Object.entries(value)) yield* ofField(key, field, value, dialect, [...path, key]);
  }
}

const maxDepth = 60;

function* ofField(key: string, field: unknown, around: Fields, dialect: Dialect, path: YamlPath): Generator<Mention> {
  const text = nonEmpty(field);
  if (text !== undefined) yield* ofText(key, text, around, dialect, path);
  else if (isMap(field)) {
    yield* ofMap(key, field, dialect, path);
    // A reference has nothing below it that refers.
    if (!isReference(key)) yield* mentionsIn(field, dialect, path);
  } else if (key === 'imagePullSecrets' && Array.isArray(field)) yield* pullSecrets(field, path);
  else yield* mentionsIn(field, dialect, path);
}

const byText: readonly (readonly [pattern: RegExp, kind: TargetKind, isValues: boolean])[] = [
  [/^secretName$/, 'Secret', false],
  [/^claimName$/, 'PersistentVolumeClaim', false],
  [/^(?:\w*S|s)torageClass(?:Name)?$/, 'StorageClass', false],
  [/^volumeSnapshotClass(?:Name)?$/, 'VolumeSnapshotClass', false],
  [/^snapshotClassName$/, 'VolumeSnapshotClass', true],
  [/^existing\w*Secret(?:Name)?$/i, 'Secret', true],
  [/^\w+SecretName$/, 'Secret', true],
  [/^(?:githubConfigSecret|configFileSecret)$/, 'Secret', true],
  [/^existing(?:\w*Volume)?Claim$/i, 'PersistentVolumeClaim', true],
  [/^existingConfigMap(?:Name)?$/i, 'ConfigMap', true],
];

function* ofText(key: string, text: string, around: Fields, dialect: Dialect, path: YamlPath): Generator<Mention> {
  if (issuerAnnotations.has(key) && key !== 'kubernetes.io/tls-acme') {
    yield mention(key === 'cert-manager.io/issuer' ? 'Issuer' : 'ClusterIssuer', text, path);
    return;
  }
  const found = byText.find(([pattern, , isValues]) => (!isValues || dialect.isValues) && pattern.test(key));
  // `-` is how many charts spell "no class at all".
  if (found && text !== '-') yield mention(found[1], text, path, around);
  else if (dialect.isValues && key === 'name') yield* ofVolume(text, around, path);
  else if (dialect.isValues && path.at(-3) === 'envFrom') yield* ofShorthand(key, text, path);
}

/** `persistence: {x: {type: secret, name}}` of app-template. */
function* ofVolume(text: string, around: Fields, path: YamlPath): Generator<Mention> {
  if (path.at(-3) !== 'persistence') return;
  if (around['type'] === 'secret') yield mention('Secret', text, path, around);
  if (around['type'] === 'configMap') yield mention('ConfigMap', text, path, around);
}

/** `envFrom: [{secret: name}]` of app-template. */
function* ofShorthand(key: string, text: string, path: YamlPath): Generator<Mention> {
  if (key === 'secret') yield mention('Secret', text, path);
  if (key === 'configMap') yield mention('ConfigMap', text, path);
}

function* ofMap(key: string, field: Fields, dialect: Dialect, path: YamlPath): Generator<Mention> {
  const name = nonEmpty(field['name']);
  if (name === undefined) return;
  const kind = kindOf(key, field, dialect, path);
  if (kind) yield mention(kind, name, [...path, 'name'], field);
}

function kindOf(key: string, field: Fields, dialect: Dialect, path: YamlPath): TargetKind | undefined {
  if (key === 'secretStoreRef' || key === 'storeRef') {
    return field['kind'] === 'ClusterSecretStore' ? 'ClusterSecretStore' : 'SecretStore';
  }
  if (key === 'issuerRef') {
    if ((field['group'] ?? 'cert-manager.io') !== 'cert-manager.io') return undefined;
    return field['kind'] === 'ClusterIssuer' ? 'ClusterIssuer' : 'Issuer';
  }
  // The operator writes this one.
  if (key === 'privateKeySecretRef') return undefined;
  if (/^(?:\w*S|s)ecret(?:Key)?Ref$/.test(key)) return 'Secret';
  if (/^(?:\w*C|c)onfigMap(?:Key)?Ref$/.test(key)) return 'ConfigMap';
  if (key === 'configMap') return 'ConfigMap';
  if (key === 'secret' && (!dialect.isValues || path.includes('sources'))) return 'Secret';
  if (dialect.hasKeySelectors && typeof field['key'] === 'string')
    return /configmap/i.test(key) ? 'ConfigMap' : 'Secret';
  if (dialect.hasKeySelectors && key.endsWith('Secret')) return 'Secret';
  return undefined;
}

function isReference(key: string): boolean {
  return key.endsWith('Ref');
}

/** Names, or mappings with a name; without the Secret images that are public are still pulled. */
function* pullSecrets(list: readonly unknown[], path: YamlPath): Generator<Mention> {
  for (const [index, item] of list.entries()) {
    const name = nonEmpty(item) ?? nonEmpty(fieldOf(item, 'name'));
    const at = typeof item === 'string' ? [...path, index] : [...path, index, 'name'];
    if (name !== undefined) yield { ...mention('Secret', name, at), isOptional: true };
  }
}

function mention(kind: TargetKind, name: string, path: YamlPath, around: Fields = {}): Mention {
  return {
    kind,
    name,
    namespace: nonEmpty(around['namespace']),
    path,
    key: nonEmpty(around['key']),
    isOptional: around['optional'] === true,
  };
}
