/** Which fields of an object take text only, by its kind: the API server refuses a number, a boolean or a mapping there. */
import { podSpecPaths, podTemplatePaths } from '../kustomize/workloads.js';
import { fieldOf, isMap, itemsOf, textOf, valueAt } from '../manifests/fields.js';
import type { YamlPath } from '../yaml/yaml-file.js';

export interface TextField {
  readonly path: YamlPath;
  readonly value: unknown;
}

/** Every value of the object that must be text, whatever it is. */
export function* textFieldsOf(object: unknown): Iterable<TextField> {
  yield* valuesOf(object, ['metadata', 'labels']);
  yield* valuesOf(object, ['metadata', 'annotations']);
  const kind = textOf(fieldOf(object, 'kind')) ?? '';
  for (const path of mapsByKind.get(kind) ?? []) yield* valuesOf(object, path);
  for (const template of podTemplatePaths(kind)) {
    yield* valuesOf(object, [...template, 'metadata', 'labels']);
    yield* valuesOf(object, [...template, 'metadata', 'annotations']);
  }
  for (const spec of podSpecPaths(kind)) yield* fieldsOfPods(object, spec);
}

/** Kinds of other groups with these names have no such fields, or the same. */
const mapsByKind = new Map<string, readonly YamlPath[]>([
  ['ConfigMap', [['data'], ['binaryData']]],
  ['Secret', [['stringData'], ['data']]],
  ['Service', [['spec', 'selector']]],
  ['Deployment', [['spec', 'selector', 'matchLabels']]],
  ['StatefulSet', [['spec', 'selector', 'matchLabels']]],
  ['DaemonSet', [['spec', 'selector', 'matchLabels']]],
  ['StorageClass', [['parameters']]],
  ['VolumeSnapshotClass', [['parameters']]],
  [
    'Kustomization',
    [
      ['spec', 'postBuild', 'substitute'],
      ['spec', 'commonMetadata', 'labels'],
      ['spec', 'commonMetadata', 'annotations'],
    ],
  ],
]);

function* fieldsOfPods(object: unknown, spec: YamlPath): Iterable<TextField> {
  yield* valuesOf(object, [...spec, 'nodeSelector']);
  for (const list of ['initContainers', 'containers'])
    for (const index of itemsOf(valueAt(object, [...spec, list])).keys())
      yield* fieldsOfContainer(object, [...spec, list, index]);
}

function* fieldsOfContainer(object: unknown, container: YamlPath): Iterable<TextField> {
  for (const list of ['command', 'args']) yield* valuesOf(object, [...container, list]);
  for (const [index, variable] of itemsOf(valueAt(object, [...container, 'env'])).entries()) {
    const value = fieldOf(variable, 'value');
    if (value !== undefined) yield { path: [...container, 'env', index, 'value'], value };
  }
}

/** The values of a mapping or sequence; none of anything else. */
function* valuesOf(object: unknown, path: YamlPath): Iterable<TextField> {
  const container = valueAt(object, path);
  if (isMap(container)) for (const [key, value] of Object.entries(container)) yield { path: [...path, key], value };
  for (const [index, value] of itemsOf(container).entries()) yield { path: [...path, index], value };
}
