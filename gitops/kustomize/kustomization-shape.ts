/** What kustomize takes in each field of a kustomization.yaml; a field without a value it takes everywhere. */

/**
 * `texts` is a mapping from text to text, `fields` a mapping that is not looked into. A list has the shape of its items,
 * a mapping those of its fields.
 */
export type Shape = 'text' | 'texts' | 'boolean' | 'integer' | 'fields' | readonly [Shape] | ShapeOfFields;

export interface ShapeOfFields {
  readonly [field: string]: Shape;
}

const image: Shape = { name: 'text', newName: 'text', newTag: 'text', tagSuffix: 'text', digest: 'text' };

const patch: Shape = {
  path: 'text',
  patch: 'text',
  target: {
    group: 'text',
    version: 'text',
    kind: 'text',
    name: 'text',
    namespace: 'text',
    labelSelector: 'text',
    annotationSelector: 'text',
  },
  options: 'fields',
};

const generatorOptions: ShapeOfFields = {
  labels: 'texts',
  annotations: 'texts',
  disableNameSuffixHash: 'boolean',
  immutable: 'boolean',
};

const generator: ShapeOfFields = {
  name: 'text',
  namespace: 'text',
  behavior: 'text',
  literals: ['text'],
  files: ['text'],
  envs: ['text'],
  env: 'text',
  options: generatorOptions,
};

/** Source: `types.Kustomization` of kustomize 5.8.1. */
export const shapeOfKustomization: ShapeOfFields = {
  apiVersion: 'text',
  kind: 'text',
  metadata: { name: 'text', namespace: 'text', labels: 'texts', annotations: 'texts' },
  resources: ['text'],
  components: ['text'],
  bases: ['text'],
  crds: ['text'],
  configurations: ['text'],
  generators: ['text'],
  transformers: ['text'],
  validators: ['text'],
  openapi: 'texts',
  namespace: 'text',
  namePrefix: 'text',
  nameSuffix: 'text',
  labels: [{ pairs: 'texts', includeSelectors: 'boolean', includeTemplates: 'boolean', fields: ['fields'] }],
  commonLabels: 'texts',
  commonAnnotations: 'texts',
  images: [image],
  imageTags: [image],
  replicas: [{ name: 'text', count: 'integer' }],
  patches: [patch],
  patchesStrategicMerge: ['text'],
  patchesJson6902: [patch],
  replacements: ['fields'],
  vars: ['fields'],
  sortOptions: 'fields',
  buildMetadata: ['text'],
  configMapGenerator: [generator],
  secretGenerator: [{ ...generator, type: 'text' }],
  generatorOptions,
  helmCharts: ['fields'],
  helmGlobals: 'fields',
  helmChartInflationGenerator: ['fields'],
};

/** The shape of a field, whatever its letters: kustomize makes no difference between `newTag` and `NewTag`. */
export function shapeOf(fields: ShapeOfFields, field: string): Shape | undefined {
  if (Object.hasOwn(fields, field)) return fields[field];
  const lower = field.toLowerCase();
  return Object.entries(fields).find(([known]) => known.toLowerCase() === lower)?.[1];
}
