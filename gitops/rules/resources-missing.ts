/** A container without requests and a limit of memory: the scheduler guesses, and the node's memory is anybody's. */
import type { ChartResources } from '../charts/chart-resources.js';
import { controllersOf } from '../charts/app-template.js';
import { chartResources, containersOf, missingOf, readResources } from '../charts/resource-keys.js';
import type { HelmRelease } from '../flux/helm-release.js';
import type { AppliedObject } from '../flux/flux-kustomization.js';
import { podSpecPaths } from '../kustomize/workloads.js';
import { fieldOf, isMap, itemsOf, textOf, valueAt } from '../manifests/fields.js';
import { oncePerValue } from '../manifests/once-per.js';
import { objectText } from '../manifests/object-id.js';
import type { FindingDraft } from '../lint/finding.js';
import { placeOf } from '../lint/place.js';
import type { Rule } from '../lint/rule.js';
import { listed } from '../lint/wording.js';
import type { YamlPath } from '../yaml/yaml-file.js';

export const resourcesMissing: Rule = {
  id: 'resources-missing',
  severity: 'warning',
  summary: 'A container has no requests of CPU and memory, or no limit of memory.',
  layer: 'policy',
  *check({ flux }) {
    for (const release of flux.helmReleases) yield* ofRelease(release);
    for (const object of flux.objects) yield* ofWorkload(object);
  },
};

function* ofRelease(release: HelmRelease): Iterable<FindingDraft> {
  const { chart, values, valuesSources } = release;
  if (valuesSources.some(({ status }) => status === 'opaque')) return;
  const entry = chartResources(chart?.name, chart?.version);
  const containers = entry ? containersIn(entry, values.value) : [];
  const lacking = onePerKey(containers.filter(({ missing }) => missing.length > 0));
  if (!setsResources(values.value)) yield nothingSet(release, entry, lacking);
  else if (lacking.length > 0) yield inPart(release, lacking);
}

interface Container {
  readonly path: YamlPath;
  readonly missing: readonly string[];
}

/** Two sidecars may share one. */
function onePerKey(containers: readonly Container[]): readonly Container[] {
  return [...new Map(containers.map((one) => [one.path.join('.'), one])).values()];
}

function containersIn(entry: ChartResources, values: unknown): readonly Container[] {
  const keyed = containersOf(entry, values).flatMap(({ path, key, resources }) =>
    key.isOptional ? [] : [{ path, missing: missingOf(resources) }],
  );
  if (entry.chart !== 'app-template') return keyed;
  const pods = valueAt(values, ['defaultPodOptions', 'resources']);
  if (isMap(pods) && missingOf(readResources(pods)).length === 0) return keyed;
  return [
    ...keyed,
    ...controllersOf(values).flatMap((controller) =>
      controller.containers.map(({ path, resources }) => ({
        path: [...path, 'resources'],
        missing: missingOf(readResources(resources)),
      })),
    ),
  ];
}

const setsResources = oncePerValue((values) => hasResources(values));

/** Anywhere in the values, whether the chart reads it or not: misplaced ones have a rule of their own. */
function hasResources(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasResources);
  if (!isMap(value)) return false;
  return Object.entries(value).some(
    ([key, part]) =>
      (key === 'patch' && typeof part === 'string' && /resources\b[^]*memory:/.test(part)) ||
      (/resources?$/i.test(key) &&
        (typeof part === 'string'
          ? part.includes('memory:')
          : isMap(part) && (isMap(part['requests']) || isMap(part['limits'])))) ||
      hasResources(part),
  );
}

function nothingSet(
  release: HelmRelease,
  entry: ChartResources | undefined,
  lacking: readonly Container[],
): FindingDraft {
  const { chart } = release;
  const name = [chart?.name ?? 'its chart', ...(chart?.version === undefined ? [] : [chart.version])].join(' ');
  const at = whereValuesAre(release);
  const said = { at, subject: objectText(release.id), key: 'none' };
  if (lacking.length > 0)
    return {
      ...said,
      message: `sets no resources at all, and chart ${name} leaves ${listed(lacking.map(missingText))} open; set them there`,
    };
  const severity = 'info';
  if (entry?.otherWay !== undefined)
    return {
      ...said,
      severity,
      message: `sets no resources at all, and chart ${name} has no key for them; set them by ${entry.otherWay}`,
    };
  return entry
    ? {
        ...said,
        severity,
        message: `sets no resources at all, so the defaults of chart ${name} are in effect; write them down, since the next version may have others`,
      }
    : {
        ...said,
        severity,
        message: `sets no resources at all; unless chart ${name} has defaults, its pods run without, so look up where that chart reads them from`,
      };
}

/** In the release, or in the file that all of its values stand in. */
function whereValuesAre({ object, values, valuesSources }: HelmRelease): FindingDraft['at'] {
  const own = object.composed.at(['spec', 'values']);
  if (isMap(own.value)) return own.root.place;
  const file = valuesSources.find(({ status }) => status === 'read')?.file;
  const [document] = file?.documents ?? [];
  return document ? placeOf(document) : values.root.place;
}

function inPart({ id, values }: HelmRelease, lacking: readonly Container[]): FindingDraft {
  return {
    at: values.origin(lacking[0]!.path).place,
    subject: objectText(id),
    message: `leaves ${listed(lacking.map(missingText))} open; a container should have requests of CPU and memory and a limit of memory`,
    key: 'part',
  };
}

function missingText({ path, missing }: Container): string {
  const key = path.join('.');
  return missing.length === 3 ? key : `${key} (${missing.join(', ')})`;
}

function* ofWorkload(object: AppliedObject): Iterable<FindingDraft> {
  const { id, composed, owner } = object;
  if (owner.kind === 'by-hand') return;
  for (const spec of podSpecPaths(id.kind)) {
    const containers = [
      ...containersAt(composed.value, [...spec, 'containers']),
      ...sidecarsAt(composed.value, [...spec, 'initContainers']),
    ];
    const [first] = containers;
    if (!first || isMap(valueAt(composed.value, [...spec, 'resources']))) continue;
    const names = containers.map(({ name, missing }) =>
      missing.length === 3 ? name : `${name} (${missing.join(', ')})`,
    );
    yield {
      at: composed.origin(first.path).place,
      subject: objectText(id),
      message: `has ${containers.length === 1 ? 'a container' : 'containers'} without resources: ${listed(names)}; give each requests of CPU and memory and a limit of memory`,
      key: 'workload',
    };
  }
}

interface Named extends Container {
  readonly name: string;
}

function containersAt(object: unknown, list: YamlPath): readonly Named[] {
  return itemsOf(valueAt(object, list)).flatMap((container, index) => {
    const missing = missingOf(readResources(fieldOf(container, 'resources')));
    const name = textOf(fieldOf(container, 'name')) ?? String(index);
    return missing.length > 0 ? [{ name, path: [...list, index], missing }] : [];
  });
}

/** Init containers that go on running beside the others. */
function sidecarsAt(object: unknown, list: YamlPath): readonly Named[] {
  return containersAt(object, list).filter(({ path }) => valueAt(object, [...path, 'restartPolicy']) === 'Always');
}
