/** A kustomization.yaml as it is written: what it lists and changes, each with its place. */
import { type Fields, fieldOf, fieldsOf, isMap, itemsOf, nonEmpty, textsOf, valueAt } from '../manifests/fields.js';
import { Origin } from '../manifests/origin.js';
import type { YamlFile, YamlPath } from '../yaml/yaml-file.js';
import { type GeneratorOptions, generatorOptionsOf, type ObjectGenerator, readGenerators } from './object-generator.js';
import { shapeOf, shapeOfKustomization } from './kustomization-shape.js';
import { type Patch, readPatches } from './patch.js';

/** The names that kustomize knows, in its order. */
export const kustomizationFileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

export function isKustomizationFile(path: string): boolean {
  return (kustomizationFileNames as readonly string[]).includes(path.slice(path.lastIndexOf('/') + 1));
}

/** One text of a list, and where it stands. */
export interface Entry {
  readonly text: string;
  readonly origin: Origin;
}

export interface LabelRule {
  readonly labels: ReadonlyMap<string, string>;
  readonly includeSelectors: boolean;
  readonly includeTemplates: boolean;
  readonly origin: Origin;
}

export interface ImageRule {
  readonly name: string;
  readonly newName: string | undefined;
  readonly newTag: string | undefined;
  readonly digest: string | undefined;
  readonly origin: Origin;
}

export interface ReplicaRule {
  readonly name: string;
  readonly count: number;
  readonly origin: Origin;
}

/** What a build does beyond collecting objects; a Flux Kustomization adds to it (`targetNamespace`, `patches`, …). */
export interface Changes {
  readonly namespace: Entry | undefined;
  readonly namePrefix: Entry | undefined;
  readonly nameSuffix: Entry | undefined;
  readonly components: readonly Entry[];
  readonly patches: readonly Patch[];
  readonly images: readonly ImageRule[];
}

export interface KustomizationFile extends Changes {
  /** Relative to the repository; empty for its root. */
  readonly directory: string;
  readonly file: YamlFile;
  readonly origin: Origin;
  readonly kind: 'Kustomization' | 'Component';
  /** `bases` are among them. */
  readonly resources: readonly Entry[];
  readonly generators: readonly ObjectGenerator[];
  readonly generatorOptions: GeneratorOptions;
  readonly labels: readonly LabelRule[];
  readonly annotations: ReadonlyMap<string, string>;
  readonly replicas: readonly ReplicaRule[];
  /** Files that say which fields hold names (`nameReference`). */
  readonly configurations: readonly Entry[];
  /** What it uses that a reading cannot carry out: `replacements`, `helmCharts`, `vars`, plugins, parts of labels and patches. */
  readonly beyondReading: readonly Entry[];
  readonly value: Fields;
}

/** Fields whose work is not carried out here; objects may differ from what kustomize makes. */
const beyondReading = [
  'replacements',
  'vars',
  'helmCharts',
  'helmChartInflationGenerator',
  'generators',
  'transformers',
];

/** Reads the first document; undefined where there is none, or where it is no mapping. */
export function readKustomizationFile(directory: string, file: YamlFile): KustomizationFile | undefined {
  const document = file.documents.find(({ value }) => isMap(value));
  if (!document) return undefined;
  const value = fieldsOf(document.value);
  const origin = new Origin({ document, within: undefined });
  return {
    directory,
    file,
    origin,
    value,
    kind: value['kind'] === 'Component' ? 'Component' : 'Kustomization',
    resources: [...entriesOf(value, origin, 'resources'), ...entriesOf(value, origin, 'bases')],
    components: entriesOf(value, origin, 'components'),
    configurations: entriesOf(value, origin, 'configurations'),
    namespace: entryOf(value, origin, 'namespace'),
    namePrefix: entryOf(value, origin, 'namePrefix'),
    nameSuffix: entryOf(value, origin, 'nameSuffix'),
    patches: readPatches(value, origin),
    images: readImages(value, origin),
    generators: readGenerators(value, origin),
    generatorOptions: generatorOptionsOf(value['generatorOptions']),
    labels: readLabels(value, origin),
    annotations: textsOf(value['commonAnnotations']),
    replicas: readReplicas(value, origin),
    beyondReading: [...fieldsBeyondReading(value), ...partsBeyondReading(value)].map((path) => ({
      text: path.join('.'),
      origin: origin.at(path),
    })),
  };
}

function fieldsBeyondReading(value: Fields): readonly YamlPath[] {
  return Object.keys(value)
    .filter((field) => beyondReading.includes(field) || isOtherwiseWritten(field))
    .filter((field) => value[field] !== undefined && value[field] !== null)
    .map((field) => [field]);
}

/** Labels in fields of one's own, and patches that may give an object another name or kind. */
function* partsBeyondReading(value: Fields): Generator<YamlPath> {
  for (const [index, label] of itemsOf(value['labels']).entries())
    if (itemsOf(fieldOf(label, 'fields')).length > 0) yield ['labels', index, 'fields'];
  for (const [index, patch] of itemsOf(value['patches']).entries())
    for (const option of ['allowNameChange', 'allowKindChange'])
      if (valueAt(patch, ['options', option]) === true) yield ['patches', index, 'options', option];
}

/** `Resources`, which kustomize takes for `resources`. */
function isOtherwiseWritten(field: string): boolean {
  return !Object.hasOwn(shapeOfKustomization, field) && shapeOf(shapeOfKustomization, field) !== undefined;
}

/** The texts of a list; items of other types, or with nothing in them, are left out. */
function entriesOf(value: unknown, origin: Origin, field: string): readonly Entry[] {
  return itemsOf(fieldOf(value, field)).flatMap((text, index) =>
    typeof text === 'string' && text !== '' ? [{ text, origin: origin.at([field, index]) }] : [],
  );
}

function entryOf(value: Fields, origin: Origin, ...path: YamlPath): Entry | undefined {
  const text = nonEmpty(fieldOf(value, path[0] ?? ''));
  return text === undefined ? undefined : { text, origin: origin.at(path) };
}

export function readImages(value: unknown, origin: Origin): readonly ImageRule[] {
  return itemsOf(fieldOf(value, 'images')).flatMap((item, index) => {
    const name = nonEmpty(fieldOf(item, 'name'));
    if (name === undefined) return [];
    const digest = nonEmpty(fieldOf(item, 'digest'));
    const newTag = fieldOf(item, 'newTag');
    return [
      {
        name,
        newName: nonEmpty(fieldOf(item, 'newName')),
        newTag: typeof newTag === 'string' || typeof newTag === 'number' ? String(newTag) : undefined,
        digest,
        origin: origin.at(['images', index]),
      },
    ];
  });
}

/** `commonLabels` are labels that also select; `labels` say for themselves. */
function readLabels(value: Fields, origin: Origin): readonly LabelRule[] {
  const common = textsOf(value['commonLabels']);
  const rules = itemsOf(value['labels']).map((item, index) => ({
    labels: textsOf(fieldOf(item, 'pairs')),
    includeSelectors: fieldOf(item, 'includeSelectors') === true,
    includeTemplates: fieldOf(item, 'includeTemplates') === true || fieldOf(item, 'includeSelectors') === true,
    origin: origin.at(['labels', index, 'pairs']),
  }));
  if (common.size === 0) return rules;
  return [
    ...rules,
    { labels: common, includeSelectors: true, includeTemplates: true, origin: origin.at(['commonLabels']) },
  ];
}

function readReplicas(value: Fields, origin: Origin): readonly ReplicaRule[] {
  return itemsOf(value['replicas']).flatMap((item, index) => {
    const name = nonEmpty(fieldOf(item, 'name'));
    const count = fieldOf(item, 'count');
    return name !== undefined && typeof count === 'number'
      ? [{ name, count, origin: origin.at(['replicas', index]) }]
      : [];
  });
}
