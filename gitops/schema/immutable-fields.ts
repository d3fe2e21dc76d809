/** Fields that the API server lets nobody change once an object is there; source: its validation of updates, v1.34. */
import { differencesOf } from '../manifests/differences.js';
import { fieldOf, fieldsOf, textOf } from '../manifests/fields.js';
import { groupAndVersion } from '../manifests/object-id.js';
import type { YamlPath } from '../yaml/yaml-file.js';

interface Immutable {
  /** Below these, nothing may change; a path of a mapping means all of it. */
  readonly paths: readonly YamlPath[];
  /** Except below these. */
  readonly except?: readonly YamlPath[];
  /** Fields that the server fills in where nothing is said: only one value against another is a change. */
  readonly filledIn?: readonly string[];
  /** What deleting it comes to. */
  readonly consequence: string;
}

const restart = 'its pods stop until it is made anew';

const byKind: ReadonlyMap<string, Immutable> = new Map<string, Immutable>([
  [
    'storage.k8s.io StorageClass',
    {
      paths: [['provisioner'], ['parameters'], ['reclaimPolicy'], ['volumeBindingMode']],
      consequence: 'volumes that are there keep what they were made with',
    },
  ],
  [
    'apps StatefulSet',
    {
      paths: [['spec']],
      except: [
        'replicas',
        'ordinals',
        'template',
        'updateStrategy',
        'revisionHistoryLimit',
        'persistentVolumeClaimRetentionPolicy',
        'minReadySeconds',
      ].map((field) => ['spec', field]),
      consequence: 'its pods stop until it is made anew, unless it is deleted with --cascade=orphan; claims stay',
    },
  ],
  ['apps Deployment', { paths: [['spec', 'selector']], consequence: restart }],
  ['apps DaemonSet', { paths: [['spec', 'selector']], consequence: restart }],
  ['apps ReplicaSet', { paths: [['spec', 'selector']], consequence: restart }],
  [
    'batch Job',
    {
      paths: [
        ['spec', 'selector'],
        ['spec', 'template'],
        ['spec', 'completionMode'],
      ],
      consequence: 'it runs once more',
    },
  ],
  [
    ' PersistentVolumeClaim',
    {
      paths: [['spec']],
      except: [
        ['spec', 'resources'],
        ['spec', 'volumeAttributesClassName'],
      ],
      filledIn: ['storageClassName', 'volumeName', 'volumeMode'],
      consequence: 'the volume is given up, and by reclaim policy Delete its data is lost',
    },
  ],
  [
    ' Service',
    { paths: [['spec', 'clusterIP']], filledIn: ['clusterIP'], consequence: 'it is not reached until it is made anew' },
  ],
  [' Secret', { paths: [['type']], consequence: 'what reads it does without for a moment' }],
  ['rbac.authorization.k8s.io RoleBinding', { paths: [['roleRef']], consequence: 'the rights are gone for a moment' }],
  [
    'rbac.authorization.k8s.io ClusterRoleBinding',
    { paths: [['roleRef']], consequence: 'the rights are gone for a moment' },
  ],
]);

/** Paths of what must not differ and does, as deep as it is told apart. */
export function immutablePaths(before: unknown, after: unknown): readonly YamlPath[] {
  const immutable = byKind.get(kindOf(after));
  const fixed = [...(immutable?.paths ?? []), ...(isFrozen(before) ? [['data'], ['stringData'], ['binaryData']] : [])];
  return fixed.flatMap((path) =>
    differencesOf(at(before, path), at(after, path), path)
      .filter((difference) => !immutable?.except?.some((free) => isBelow(difference.path, free)))
      .filter((difference) => !isDefault(difference.before, difference.after))
      .filter(
        (difference) =>
          !immutable?.filledIn?.includes(String(difference.path.at(-1))) ||
          (isSet(difference.before) && isSet(difference.after)),
      )
      .filter((difference) => ![difference.before, difference.after].some(hasVariable))
      .map((difference) => difference.path),
  );
}

/** What happens when the object is deleted to be made anew. */
export function consequenceOf(kind: string): string {
  return [...byKind].find(([key]) => key.endsWith(` ${kind}`))?.[1].consequence ?? restart;
}

function kindOf(object: unknown): string {
  const { group } = groupAndVersion(textOf(fieldOf(object, 'apiVersion')) ?? '');
  return `${group} ${textOf(fieldOf(object, 'kind')) ?? ''}`;
}

function at(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>((part, step) => fieldOf(part, step), value);
}

function isBelow(path: YamlPath, above: YamlPath): boolean {
  return above.every((step, index) => path[index] === step);
}

/** `immutable: true` of a ConfigMap or Secret. */
function isFrozen(object: unknown): boolean {
  return fieldOf(object, 'immutable') === true;
}

/** The API server fills these in: writing them down, or no longer, changes nothing. */
const defaults: ReadonlySet<unknown> = new Set([
  'Delete',
  'Immediate',
  'Filesystem',
  'Opaque',
  'NonIndexed',
  'OrderedReady',
]);

function isDefault(before: unknown, after: unknown): boolean {
  return (before === undefined && defaults.has(after)) || (after === undefined && defaults.has(before));
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== '';
}

/** What it will be is not in the files. */
function hasVariable(value: unknown): boolean {
  return typeof value === 'string' ? value.includes('${') : Object.values(fieldsOf(value)).some(hasVariable);
}
