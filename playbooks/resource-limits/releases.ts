/** Releases: resources at the key that the chart reads, in the file that the values stand in. */
import { controllersOf } from '../../gitops/charts/app-template.js';
import { chartResources, containersOf, missingOf, readResources } from '../../gitops/charts/resource-keys.js';
import type { HelmRelease } from '../../gitops/flux/helm-release.js';
import { isMap, valueAt } from '../../gitops/manifests/fields.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { YamlDocument, YamlPath } from '../../gitops/yaml/yaml-file.js';
import { valuesPlace, valuesPlaces } from '../values-place.js';
import type { Container } from './container.js';
import type { Parameters } from './parameters.js';
import { type ContainerUse, type Sized, sizeOf } from './size-of.js';

export interface ReleaseContainers {
  readonly containers: readonly Container[];
  readonly notes: readonly string[];
}

export function releaseContainers(
  releases: readonly HelmRelease[],
  parameters: Parameters,
  usage: readonly ContainerUse[],
): ReleaseContainers {
  const sized: SizedKey[] = [];
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
        sized.push({ release, path, ...sizeOf(release, path.join('.'), all, parameters, usage) });
  }
  return { containers: [...sized.map(containerOf), ...readersOf(sized, releases)], notes };
}

interface SizedKey extends Sized {
  readonly release: HelmRelease;
  readonly path: YamlPath;
}

function containerOf({ release, path, size, source }: SizedKey): Container {
  const own = valueAt(release.values.value, path);
  return {
    object: release.object,
    key: path.join('.'),
    own,
    size,
    source,
    label: (more) => `values.${[...path, ...more].join('.')}`,
    originOf: (more) =>
      valueAt(own, more) === undefined
        ? valuesPlace(release, [...path, ...more])
        : release.values.origin([...path, ...more]),
    readFrom: (more) => valuesPlaces(release).map(({ root }) => root.at([...path, ...more])),
  };
}

/** Releases that read a document in which another is to get resources, and that are not sized there. */
function readersOf(sized: readonly SizedKey[], releases: readonly HelmRelease[]): readonly Container[] {
  const byDocument = new Map<YamlDocument, Set<HelmRelease>>();
  for (const release of releases)
    for (const document of documentsOf(release))
      byDocument.set(document, (byDocument.get(document) ?? new Set()).add(release));
  const keys = new Map<HelmRelease, Set<string>>();
  for (const { release, path } of sized) keys.set(release, (keys.get(release) ?? new Set()).add(path.join('.')));
  return sized.flatMap((one) => {
    const readers = new Set(documentsOf(one.release).flatMap((document) => [...(byDocument.get(document) ?? [])]));
    return [...readers]
      .filter((release) => !keys.get(release)?.has(one.path.join('.')))
      .map((release) => ({
        ...containerOf({ ...one, release }),
        left: 'is not sized there',
        isAside: true,
      }));
  });
}

function documentsOf(release: HelmRelease): readonly YamlDocument[] {
  return valuesPlaces(release).map(({ root }) => root.document);
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
