/** Where Kubernetes' own kinds keep their pods. */
import type { YamlPath } from '../yaml/yaml-file.js';

const templated = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'DaemonSet', 'StatefulSet', 'Job']);

/** The paths of pod templates in an object of the kind; none for a Pod, which is its own. */
export function podTemplatePaths(kind: string): readonly YamlPath[] {
  if (templated.has(kind)) return [['spec', 'template']];
  if (kind === 'CronJob') return [['spec', 'jobTemplate', 'spec', 'template']];
  return kind === 'PodTemplate' ? [['template']] : [];
}

/** The paths of pod specs in an object of the kind. */
export function podSpecPaths(kind: string): readonly YamlPath[] {
  return kind === 'Pod' ? [['spec']] : podTemplatePaths(kind).map((path) => [...path, 'spec']);
}
