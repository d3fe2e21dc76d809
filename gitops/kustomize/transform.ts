/** What a kustomization changes in every object: namespace, names, labels, annotations, images, replicas. */
import type { Composed } from '../manifests/composed.js';
import { fieldOf, isMap, itemsOf, nonEmpty, valueAt } from '../manifests/fields.js';
import { kustomizeLeavesNamespace } from '../manifests/scope.js';
import type { YamlPath } from '../yaml/yaml-file.js';
import { type Draft, withComposed } from './draft.js';
import type { Entry, ImageRule, KustomizationFile, LabelRule, ReplicaRule } from './kustomization-file.js';
import { podTemplatePaths } from './workloads.js';

/** Also renames Namespace objects, and sets the namespace of subjects called `default`. */
export function setNamespace(draft: Draft, { text, origin }: Entry): Draft {
  const { group, kind } = draft.id;
  let { composed } = draft;
  if (!kustomizeLeavesNamespace(group, kind)) composed = composed.set(['metadata', 'namespace'], text, origin);
  if (group === '' && kind === 'Namespace') composed = composed.set(['metadata', 'name'], text, origin);
  if (kind === 'RoleBinding' || kind === 'ClusterRoleBinding') {
    for (const [index, subject] of itemsOf(fieldOf(composed.value, 'subjects')).entries()) {
      if (fieldOf(subject, 'name') === 'default')
        composed = composed.set(['subjects', index, 'namespace'], text, origin);
    }
  }
  return withComposed(draft, composed);
}

/** Namespaces, definitions and API services keep their names. */
export function setAffixes(draft: Draft, prefix: Entry | undefined, suffix: Entry | undefined): Draft {
  const { group, kind, name } = draft.id;
  const origin = prefix?.origin ?? suffix?.origin;
  const isKept = kind === 'CustomResourceDefinition' || kind === 'APIService' || (group === '' && kind === 'Namespace');
  if (!origin || isKept) return draft;
  const renamed = `${prefix?.text ?? ''}${name}${suffix?.text ?? ''}`;
  return withComposed(draft, draft.composed.set(['metadata', 'name'], renamed, origin));
}

export function setLabels(draft: Draft, { labels, includeSelectors, includeTemplates, origin }: LabelRule): Draft {
  const { kind } = draft.id;
  const templates = podTemplatePaths(kind);
  let { composed } = draft;
  for (const [key, text] of labels) {
    const paths: YamlPath[] = [['metadata', 'labels', key]];
    if (includeTemplates) paths.push(...templates.map((path) => [...path, 'metadata', 'labels', key]));
    if (includeSelectors) paths.push(...selectorPaths(kind, composed).map((path) => [...path, key]));
    for (const path of paths) composed = composed.set(path, text, origin.at([key]));
  }
  return composed === draft.composed ? draft : { ...draft, composed };
}

function selectorPaths(kind: string, { value }: Composed): readonly YamlPath[] {
  if (kind === 'Service') return isMap(valueAt(value, ['spec', 'selector'])) ? [['spec', 'selector']] : [];
  if (['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet'].includes(kind))
    return [['spec', 'selector', 'matchLabels']];
  return [];
}

export function setAnnotations(draft: Draft, { annotations, origin }: KustomizationFile): Draft {
  let { composed } = draft;
  for (const [key, text] of annotations) {
    for (const path of [[], ...podTemplatePaths(draft.id.kind)]) {
      composed = composed.set([...path, 'metadata', 'annotations', key], text, origin.at(['commonAnnotations', key]));
    }
  }
  return composed === draft.composed ? draft : { ...draft, composed };
}

/** In every list of containers, wherever it stands. */
export function setImages(draft: Draft, rules: readonly ImageRule[]): Draft {
  let { composed } = draft;
  for (const path of containerPaths(composed.value, [], 0)) {
    const image = nonEmpty(fieldOf(valueAt(composed.value, path), 'image'));
    const rule = rules.find(({ name }) => image !== undefined && nameOfImage(image) === name);
    if (image !== undefined && rule)
      composed = composed.set([...path, 'image'], renamedImage(image, rule), rule.origin);
  }
  return composed === draft.composed ? draft : { ...draft, composed };
}

function containerPaths(value: unknown, path: YamlPath, depth: number): readonly YamlPath[] {
  if (!isMap(value) || depth > maxDepth) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    if ((key === 'containers' || key === 'initContainers') && Array.isArray(child)) {
      return child.map((_, index) => [...path, key, index]);
    }
    return containerPaths(child, [...path, key], depth + 1);
  });
}

/** Pod templates lie no deeper in anything that Kubernetes knows. */
const maxDepth = 8;

function nameOfImage(image: string): string {
  const name = image.split('@', 1)[0] ?? '';
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
}

function renamedImage(image: string, { newName, newTag, digest }: ImageRule): string {
  const name = nameOfImage(image);
  if (digest !== undefined) return `${newName ?? name}@${digest}`;
  return `${newName ?? name}${newTag === undefined ? image.slice(name.length) : `:${newTag}`}`;
}

export function setReplicas(draft: Draft, rules: readonly ReplicaRule[]): Draft {
  if (!['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet'].includes(draft.id.kind)) return draft;
  const rule = rules.find(({ name }) => name === draft.id.name || name === draft.first.name);
  return rule ? { ...draft, composed: draft.composed.set(['spec', 'replicas'], rule.count, rule.origin) } : draft;
}
