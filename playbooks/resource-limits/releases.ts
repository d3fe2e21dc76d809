/** Releases: resources at the key that the chart reads, in the file that the values stand in. */
import { controllersOf } from '../../gitops/charts/app-template.js';
import { chartResources, containersOf, missingOf, readResources } from '../../gitops/charts/resource-keys.js';
import type { HelmRelease } from '../../gitops/flux/helm-release.js';
import { isMap, valueAt } from '../../gitops/manifests/fields.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { YamlPath } from '../../gitops/yaml/yaml-file.js';
import type { Setting } from '../set-value.js';
import { valuesPlace } from '../values-place.js';
import type { AnalysedContainer } from './documents.js';
import { missingSizes } from './missing-sizes.js';
import type { Parameters } from './parameters.js';
import { type ContainerUse, type Sized, sizeOf } from './size-of.js';

/** A container of a release, and what it is to get. */
export interface SizedKey extends Sized {
  readonly release: HelmRelease;
  readonly path: YamlPath;
}

export interface ReleaseSizes {
  readonly keys: readonly SizedKey[];
  readonly notes: readonly string[];
}

export function sizeReleases(
  releases: readonly HelmRelease[],
  parameters: Parameters,
  usage: readonly ContainerUse[],
): ReleaseSizes {
  const keys: SizedKey[] = [];
  const notes: string[] = [];
  for (const release of releases) {
    const { chart, valuesSources, id } = release;
    // A patch sizes Flux's own controllers.
    if (chart?.name === 'flux-instance') continue;
    const paths = keysOf(release, parameters);
    const all = (paths ?? []).map((path) => path.join('.'));
    if (valuesSources.some(({ status }) => status === 'opaque'))
      notes.push(`${objectText(id)}: takes values from a Secret or from outside, so what it has cannot be told`);
    else if (!paths)
      notes.push(
        `${objectText(id)}: where chart ${chart?.name ?? 'of it'} reads resources is not known here; name the keys in parameter charts`,
      );
    else if (paths.length === 0) notes.push(`${objectText(id)}: its values leave no container to size`);
    else
      for (const path of paths)
        keys.push({ release, path, ...sizeOf(release, path.join('.'), all, parameters, usage) });
  }
  return { keys, notes };
}

/** Undefined for a chart that neither this version nor the plan knows. */
function keysOf({ chart, values }: HelmRelease, { charts }: Parameters): readonly YamlPath[] | undefined {
  if (chart?.name === 'app-template' && controllersOf(values.value).length > 0) return appTemplateKeys(values.value);
  const entry = chartResources(chart?.name, chart?.version);
  const planned = Object.keys(charts[chart?.name ?? ''] ?? {}).map((key) => key.split('.'));
  if (!entry) return planned.length > 0 ? planned : undefined;
  // Where a chart's own defaults would do they are written down all the same: its next version may have others.
  const known = containersOf(entry, values.value).map(({ path }) => path);
  return eachOnce([...known, ...planned]);
}

/** A container that has none of its own has those of its controller; where they are there, these are completed. */
function appTemplateKeys(values: unknown): readonly YamlPath[] {
  if (missingOf(readResources(valueAt(values, ['defaultPodOptions', 'resources']))).length === 0) return [];
  return eachOnce(
    controllersOf(values).flatMap(({ path: controller, containers }) =>
      containers.map(({ path, resources }) =>
        isMap(resources) && resources !== valueAt(values, [...path, 'resources'])
          ? [...controller, 'defaultContainerOptions', 'resources']
          : [...path, 'resources'],
      ),
    ),
  );
}

function eachOnce(paths: readonly YamlPath[]): readonly YamlPath[] {
  return [...new Map(paths.map((path) => [path.join('.'), path])).values()];
}

export function analysedKey({ release: { id, values }, path, size, source }: SizedKey): AnalysedContainer {
  const subject = `${id.namespace}/${id.name}`;
  return { subject, key: path.join('.'), own: valueAt(values.value, path), size, source };
}

/** Only what is missing; what somebody set stays. */
export function settingsOf({ release, path, size }: SizedKey): readonly Setting[] {
  const { id, values } = release;
  const own = valueAt(values.value, path);
  if (missingOf(readResources(own)).length === 0) return [];
  return missingSizes(own, size).map(({ path: more, value }) => ({
    id,
    label: `values.${[...path, ...more].join('.')}`,
    origin: valuesPlace(release, [...path, ...more]),
    value,
  }));
}
