/** Images that the cluster runs, as far as files name them: of pods in manifests, and in the values of charts. */
import type { FluxState } from '../flux/flux-state.js';
import { podSpecPaths } from '../kustomize/workloads.js';
import type { Composed } from '../manifests/composed.js';
import { fieldOf, isMap, itemsOf, nonEmpty, valueAt } from '../manifests/fields.js';
import type { ObjectId } from '../manifests/object-id.js';
import { oncePerValue } from '../manifests/once-per.js';
import type { Origin } from '../manifests/origin.js';
import type { YamlPath } from '../yaml/yaml-file.js';

export interface ImageInUse {
  readonly id: ObjectId;
  /** `registry/name:tag@digest`, as far as it is given. */
  readonly image: string;
  readonly origin: Origin;
}

export function imagesOf(flux: FluxState): readonly ImageInUse[] {
  return [
    ...flux.objects.flatMap(({ id, composed }) =>
      podSpecPaths(id.kind).flatMap((path) => imagesOfPod(composed, path).map((found) => ({ ...found, id }))),
    ),
    ...flux.helmReleases.flatMap(({ id, values }) =>
      imagesOfValues(values.value).map(({ image, path }) => ({ id, image, origin: values.origin(path) })),
    ),
  ];
}

type Found = Omit<ImageInUse, 'id'>;

function imagesOfPod(composed: Composed, podSpec: YamlPath): readonly Found[] {
  return ['initContainers', 'containers'].flatMap((list) =>
    itemsOf(valueAt(composed.value, [...podSpec, list])).flatMap((container, index) => {
      const image = nonEmpty(fieldOf(container, 'image'));
      return image === undefined ? [] : [{ image, origin: composed.origin([...podSpec, list, index, 'image']) }];
    }),
  );
}

/**
 * The usual shape: a mapping with `repository` and `tag`. Without a tag it is the chart's own, which is as fixed as the
 * chart; a digest beside it fixes it, too.
 */
const imagesOfValues = oncePerValue((values) => {
  const found: { readonly image: string; readonly path: YamlPath }[] = [];
  // One path that grows and shrinks: there are many fields and few images.
  const path: (string | number)[] = [];
  const below = (step: string | number, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    path.push(step);
    visit(value);
    path.pop();
  };
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const [index, item] of value.entries()) below(index, item);
    if (!isMap(value) || path.length > deepest) return;
    const repository = nonEmpty(value['repository']);
    const tag = nonEmpty(value['tag']);
    const digest = nonEmpty(value['digest']) ?? nonEmpty(value['sha']);
    if (repository !== undefined && tag !== undefined && digest === undefined)
      found.push({ image: `${repository}:${tag}`, path: [...path, 'tag'] });
    for (const [key, item] of Object.entries(value)) below(key, item);
  };
  visit(values);
  return found;
});

/** Of values nobody nests deeper; a reading must end. */
const deepest = 40;
