/** Which fields hold the name of another object, so that kustomize renames them together. */
import { fieldOf, itemsOf, nonEmpty } from '../manifests/fields.js';
import type { ObjectId } from '../manifests/object-id.js';
import type { YamlFile, YamlPath } from '../yaml/yaml-file.js';
import type { Draft } from './draft.js';
import { podSpecPaths } from './workloads.js';

export interface NameReference {
  /** The kind whose name the field holds. */
  readonly kind: string;
  /** Of the object with the field; undefined for any. */
  readonly referrerKind: string | undefined;
  readonly referrerGroup: string | undefined;
  /** Keys; sequences on the way are passed through. */
  readonly path: readonly string[];
}

/** `nameReference` of a file that `configurations` lists. */
export function readNameReferences(file: YamlFile): readonly NameReference[] {
  return file.documents.flatMap(({ value }) =>
    itemsOf(fieldOf(value, 'nameReference')).flatMap((item) => {
      const kind = nonEmpty(fieldOf(item, 'kind'));
      if (kind === undefined) return [];
      return itemsOf(fieldOf(item, 'fieldSpecs')).flatMap((spec) => {
        const path = nonEmpty(fieldOf(spec, 'path'));
        if (path === undefined) return [];
        const referrerKind = nonEmpty(fieldOf(spec, 'kind'));
        return [{ kind, referrerKind, referrerGroup: nonEmpty(fieldOf(spec, 'group')), path: path.split('/') }];
      });
    }),
  );
}

/** Whether kustomize takes the field for a name of that kind, by itself or because the build's configuration says so. */
export function holdsName(
  kind: string,
  referrer: Pick<ObjectId, 'group' | 'kind'>,
  path: YamlPath,
  configured: readonly NameReference[],
): boolean {
  const keys = path.filter((step) => typeof step === 'string');
  return [...builtInReferences(referrer.kind), ...configured].some(
    (reference) =>
      reference.kind === kind &&
      (reference.referrerKind ?? referrer.kind) === referrer.kind &&
      (reference.referrerGroup ?? referrer.group) === referrer.group &&
      reference.path.length === keys.length &&
      reference.path.every((key, index) => key === keys[index]),
  );
}

const podFields: Readonly<Record<string, readonly string[]>> = {
  ConfigMap: [
    'volumes/configMap/name',
    'volumes/projected/sources/configMap/name',
    'containers/env/valueFrom/configMapKeyRef/name',
    'containers/envFrom/configMapRef/name',
    'initContainers/env/valueFrom/configMapKeyRef/name',
    'initContainers/envFrom/configMapRef/name',
  ],
  Secret: [
    'volumes/secret/secretName',
    'volumes/projected/sources/secret/name',
    'containers/env/valueFrom/secretKeyRef/name',
    'containers/envFrom/secretRef/name',
    'initContainers/env/valueFrom/secretKeyRef/name',
    'initContainers/envFrom/secretRef/name',
    'imagePullSecrets/name',
  ],
  PersistentVolumeClaim: ['volumes/persistentVolumeClaim/claimName'],
  ServiceAccount: ['serviceAccountName'],
};

const otherFields: Readonly<Record<string, readonly (readonly [kind: string, path: string])[]>> = {
  Ingress: [
    ['Secret', 'spec/tls/secretName'],
    ['Service', 'spec/rules/http/paths/backend/service/name'],
    ['Service', 'spec/defaultBackend/service/name'],
  ],
  ServiceAccount: [['Secret', 'imagePullSecrets/name']],
  StatefulSet: [
    ['Service', 'spec/serviceName'],
    ['StorageClass', 'spec/volumeClaimTemplates/spec/storageClassName'],
  ],
  PersistentVolumeClaim: [['StorageClass', 'spec/storageClassName']],
  PersistentVolume: [['StorageClass', 'spec/storageClassName']],
  RoleBinding: [
    ['Role', 'roleRef/name'],
    ['ClusterRole', 'roleRef/name'],
    ['ServiceAccount', 'subjects/name'],
  ],
  ClusterRoleBinding: [
    ['ClusterRole', 'roleRef/name'],
    ['ServiceAccount', 'subjects/name'],
  ],
  HorizontalPodAutoscaler: ['Deployment', 'StatefulSet', 'ReplicaSet'].map(
    (kind) => [kind, 'spec/scaleTargetRef/name'] as const,
  ),
};

const madeOnce = new Map<string, readonly NameReference[]>();

/** The part of kustomize's own table that matters to what is read here. */
function builtInReferences(referrerKind: string): readonly NameReference[] {
  const known = madeOnce.get(referrerKind);
  if (known) return known;
  const reference = (kind: string, path: string): NameReference => ({
    kind,
    referrerKind,
    referrerGroup: undefined,
    path: path.split('/'),
  });
  const inPods = podSpecPaths(referrerKind).flatMap((spec) =>
    Object.entries(podFields).flatMap(([kind, paths]) =>
      paths.map((path) => reference(kind, [...spec, path].join('/'))),
    ),
  );
  const others = Object.hasOwn(otherFields, referrerKind) ? (otherFields[referrerKind] ?? []) : [];
  const made = [...inPods, ...others.map(([kind, path]) => reference(kind, path))];
  madeOnce.set(referrerKind, made);
  return made;
}

/** The drafts with references to objects that a prefix or suffix renamed brought up to date. */
export function followRenames(drafts: readonly Draft[], configured: readonly NameReference[]): readonly Draft[] {
  const renamed = new Map<string, Draft>();
  for (const draft of drafts) {
    const { id, first } = draft;
    if (id.name !== first.name && id.kind !== 'Namespace') renamed.set(`${id.kind}\n${first.name}`, draft);
  }
  if (renamed.size === 0) return drafts;
  return drafts.map((draft) => {
    let { composed } = draft;
    for (const reference of [...builtInReferences(draft.id.kind), ...configured]) {
      if ((reference.referrerKind ?? draft.id.kind) !== draft.id.kind) continue;
      for (const path of pathsOf(composed.value, reference.path)) {
        const target = renamed.get(`${reference.kind}\n${String(composed.at(path).value)}`);
        if (target) composed = composed.set(path, target.id.name, target.composed.origin(['metadata', 'name']));
      }
    }
    return composed === draft.composed ? draft : { ...draft, composed };
  });
}

/** Every place that the keys lead to, through sequences. */
function pathsOf(value: unknown, keys: readonly string[]): readonly YamlPath[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => pathsOf(item, keys).map((path) => [index, ...path]));
  }
  const [key, ...rest] = keys;
  if (key === undefined) return typeof value === 'string' ? [[]] : [];
  return pathsOf(fieldOf(value, key), rest).map((path) => [key, ...path]);
}
