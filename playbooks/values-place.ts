/** Where a value of a release is to be written: in the release, or in the values file that it gets them from. */
import type { HelmRelease } from '../gitops/flux/helm-release.js';
import { Composed } from '../gitops/manifests/composed.js';
import { fieldOf, isMap } from '../gitops/manifests/fields.js';
import { Origin } from '../gitops/manifests/origin.js';
import type { YamlPath } from '../gitops/yaml/yaml-file.js';

/**
 * The document that has most of the way to the value already; of several a values file, since others may read it too,
 * such as a bootstrap.
 */
export function valuesPlace(release: HelmRelease, path: YamlPath): Origin {
  const places = valuesPlaces(release);
  const depths = places.map(({ value }) => depthOf(value, path));
  const best = depths.lastIndexOf(Math.max(...depths));
  return places[best]!.root.at(path);
}

/** Every place that the release has values from and that is a document of its own; at least one. */
export function valuesPlaces({ object, valuesSources }: HelmRelease): readonly Composed[] {
  const own = object.composed.at(['spec', 'values']);
  const places = valuesSources.flatMap(({ status, file, targetPath }) => {
    const document = file?.documents[0];
    return status === 'read' && document && targetPath === undefined
      ? [new Composed(document.value, new Origin({ document, within: undefined }))]
      : [];
  });
  return isMap(own.value) || places.length === 0 ? [own, ...places] : places;
}

/** How many steps of the path lead somewhere. */
function depthOf(value: unknown, path: YamlPath): number {
  let [found, depth] = [value, 0];
  for (const step of path) {
    found = fieldOf(found, step);
    if (found === undefined) break;
    depth++;
  }
  return depth;
}
