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

export function mentionsIn(value: unknown, dialect: Dialect): readonly Mention[] {
  const reader = new MentionReader(dialect);
  reader.read(value);
  return reader.mentions;
}

/** Keys whose text is a name; `isValues`: only in the values of charts. */
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

/** All of the patterns at once: nearly no key is any of them. */
const mayName = /[cC]la(?:ss|im)|[sS]ecret|ConfigMap/;

/** Goes through a value with one path that grows and shrinks: there are many fields and few names. */
class MentionReader {
  readonly mentions: Mention[] = [];
  private readonly path: (string | number)[] = [];

  constructor(private readonly dialect: Dialect) {}

  read(value: unknown): void {
    if (this.path.length > maxDepth) return;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        if (typeof item === 'object') this.below(index, () => this.read(item));
      }
    } else if (isMap(value)) {
      for (const [key, field] of Object.entries(value)) this.below(key, () => this.field(key, field, value));
    }
  }

  private below(step: string | number, read: () => void): void {
    this.path.push(step);
    read();
    this.path.pop();
  }

  private field(key: string, field: unknown, around: Fields): void {
    if (typeof field === 'string') {
      if (field !== '') this.text(key, field, around);
    } else if (isMap(field)) {
      this.map(key, field);
      // A reference has nothing below it that refers.
      if (!key.endsWith('Ref') || typeof field['name'] !== 'string') this.read(field);
    } else if (key === 'imagePullSecrets' && Array.isArray(field)) this.pullSecrets(field);
    else this.read(field);
  }

  private text(key: string, text: string, around: Fields): void {
    const { isValues } = this.dialect;
    if (mayName.test(key)) {
      const found = byText.find(([pattern, , onlyValues]) => (!onlyValues || isValues) && pattern.test(key));
      // `-` is how many charts spell "no class at all".
      if (found && text !== '-') this.mention(found[1], text, around);
    }
    if (key === 'cert-manager.io/issuer') this.mention('Issuer', text);
    else if (issuerAnnotations.has(key) && key.startsWith('cert-manager.io/')) this.mention('ClusterIssuer', text);
    else if (isValues && key === 'name') this.volume(text, around);
    else if (isValues && this.path.at(-3) === 'envFrom') this.shorthand(key, text);
  }

  /** `persistence: {x: {type: secret, name}}` of app-template. */
  private volume(text: string, around: Fields): void {
    if (this.path.at(-3) !== 'persistence') return;
    if (around['type'] === 'secret') this.mention('Secret', text, around);
    if (around['type'] === 'configMap') this.mention('ConfigMap', text, around);
  }

  /** `envFrom: [{secret: name}]` of app-template. */
  private shorthand(key: string, text: string): void {
    if (key === 'secret') this.mention('Secret', text);
    if (key === 'configMap') this.mention('ConfigMap', text);
  }

  private map(key: string, field: Fields): void {
    const name = nonEmpty(field['name']);
    if (name === undefined) return;
    const kind = this.kindOf(key, field);
    if (kind) this.below('name', () => this.mention(kind, name, field));
  }

  private kindOf(key: string, field: Fields): TargetKind | undefined {
    const { isValues, hasKeySelectors } = this.dialect;
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
    if (key === 'secret' && (!isValues || this.path.includes('sources'))) return 'Secret';
    if (!hasKeySelectors) return undefined;
    if (typeof field['key'] === 'string') return /configmap/i.test(key) ? 'ConfigMap' : 'Secret';
    return key.endsWith('Secret') ? 'Secret' : undefined;
  }

  /** Names, or mappings with a name; without the Secret images that are public are still pulled. */
  private pullSecrets(list: readonly unknown[]): void {
    for (const [index, item] of list.entries()) {
      const name = nonEmpty(item) ?? nonEmpty(fieldOf(item, 'name'));
      if (name === undefined) continue;
      const path = typeof item === 'string' ? [...this.path, index] : [...this.path, index, 'name'];
      this.mentions.push({ kind: 'Secret', name, namespace: undefined, path, key: undefined, isOptional: true });
    }
  }

  private mention(kind: TargetKind, name: string, around: Fields = {}): void {
    const namespace = nonEmpty(around['namespace']);
    const isOptional = around['optional'] === true;
    this.mentions.push({ kind, name, namespace, path: [...this.path], key: nonEmpty(around['key']), isOptional });
  }
}

const maxDepth = 60;
