/** Releases: resources at the key that the chart reads, in the file that the values stand in. */
import { controllersOf } from '../../gitops/charts/app-template.js';
import { chartResources, containersOf, missingOf, readResources } from '../../gitops/charts/resource-keys.js';
import type { HelmRelease } from '../../gitops/flux/helm-release.js';
import { valueAt } from '../../gitops/manifests/fields.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { YamlPath } from '../../gitops/yaml/yaml-file.js';
import type { Setting } from '../set-value.js';
import { valuesPlace } from '../values-place.js';
import type { Parameters } from './parameters.js';
import { type ContainerUse, type Sized, sizeOf, withSizes } from './size-of.js';

/** A container of a release, and what it is to get. */
export interface SizedKey extends Sized {
  readonly release: HelmRelease;
  readonly path: YamlPath;
  readonly missing: readonly string[];
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
    const { chart, values, valuesSources, id } = release;
    const paths = keysOf(release, parameters);
    if (valuesSources.some(({ status }) => status === 'opaque'))
      notes.push(`${objectText(id)}: takes values from a Secret or from outside, so what it has cannot be told`);
    else if (!paths)
      notes.push(
        `${objectText(id)}: where chart ${chart?.name ?? 'of it'} reads resources is not known here; name the keys in parameter charts`,
      );
    else
      for (const path of paths) {
        const missing = missingOf(readResources(valueAt(values.value, path)));
        keys.push({ release, path, missing, ...sizeOf(release, path.join('.'), parameters, usage) });
      }
  }
  return { keys, notes };
}

/** Undefined for a chart that neither this version nor the plan knows. */
function keysOf({ chart, values }: HelmRelease, { charts }: Parameters): readonly YamlPath[] | undefined {
  if (chart?.name === 'app-template') {
    const controllers = controllersOf(values.value);
    if (controllers.length > 0)
      return controllers.flatMap((controller) =>
        controller.containers
          // Those that the controller's default covers need none of their own.
          .filter(({ path, resources }) => resources === valueAt(values.value, [...path, 'resources']))
          .map(({ path }) => [...path, 'resources']),
      );
  }
  const entry = chartResources(chart?.name, chart?.version);
  const planned = Object.keys(charts[chart?.name ?? ''] ?? {}).map((key) => key.split('.'));
  if (!entry) return planned.length > 0 ? planned : undefined;
  // Where a chart's own defaults would do they are written down all the same: its next version may have others.
  const known = containersOf(entry, values.value).map(({ path }) => path);
  return [...new Map([...known, ...planned].map((path) => [path.join('.'), path])).values()];
}

/** Only what is missing; what somebody set stays. */
export function settingsOf({ release, path, missing, size }: SizedKey): readonly Setting[] {
  const { id, values } = release;
  const set = readResources(valueAt(values.value, path));
  const { requests, limits } = withSizes(size, set.limits?.memory);
  const setting = (more: YamlPath, value: Setting['value']): Setting => ({
    id,
    label: `values.${[...path, ...more].join('.')}`,
    origin: valuesPlace(release, [...path, ...more]),
    value,
  });
  if (missing.length === 3) return [setting([], { requests, limits })];
  return [
    ...(missing.includes('requests.cpu') ? [setting(['requests', 'cpu'], requests.cpu)] : []),
    ...(missing.includes('requests.memory') ? [setting(['requests', 'memory'], requests.memory)] : []),
    ...(missing.includes('limits.memory') ? [setting(['limits', 'memory'], limits.memory)] : []),
  ];
}
