/** Where a chart reads `resources` from, and what its containers have: the values of the release over the chart's defaults. */
import { fieldOf, fieldsOf, isMap, itemsOf, valueAt } from '../manifests/fields.js';
import type { YamlPath } from '../yaml/yaml-file.js';
import type { ChartResources, ResourceKey, Resources, Switch } from './chart-resources.js';
import { resourceTable } from './resource-table.js';
import { isInRange } from './version-range.js';

/** Undefined for a chart, or a version of it, that the table does not know. */
export function chartResources(chart: string | undefined, version: string | undefined): ChartResources | undefined {
  return resourceTable.find((entry) => entry.chart === chart && isInRange(entry.versions ?? {}, version));
}

/** One container of a release, and what it will have. */
export interface ContainerResources {
  readonly path: YamlPath;
  readonly key: ResourceKey;
  readonly resources: Resources;
  /** Whether the release itself sets any of it. */
  readonly isSet: boolean;
}

/** Of the containers that the values switch on. */
export function containersOf(entry: ChartResources, values: unknown): readonly ContainerResources[] {
  return entry.keys
    .filter(({ when = [] }) => when.every((one) => isOn(values, one)))
    .flatMap((key) =>
      expand(values, key.path).map((path) => {
        const own = valueAt(values, path);
        const other = key.fallback && valueAt(values, key.fallback);
        const set = isEmpty(own) ? other : own;
        return { path, key, resources: merged(key.defaults ?? {}, set), isSet: !isEmpty(set) };
      }),
    );
}

function isOn(values: unknown, { path, byDefault, is }: Switch): boolean {
  const value = valueAt(values, path);
  if (value === undefined) return byDefault;
  if (is !== undefined) return value === is;
  return value !== false && value !== null && value !== 0;
}

/** A path with `*` where nothing stands gives none: what the chart has there by default has its own resources. */
function expand(values: unknown, path: readonly string[]): readonly YamlPath[] {
  const star = path.indexOf('*');
  if (star === -1) return [path];
  const before = path.slice(0, star);
  const container = valueAt(values, before);
  const steps = Array.isArray(container) ? [...itemsOf(container).keys()] : Object.keys(fieldsOf(container));
  return steps.flatMap((step) =>
    expand(fieldOf(container, step), path.slice(star + 1)).map((rest) => [...before, step, ...rest]),
  );
}

function isEmpty(resources: unknown): boolean {
  return !isMap(resources) || Object.keys(resources).length === 0;
}

/** As Helm merges: key by key, and null takes a default away. */
function merged(defaults: Resources, set: unknown): Resources {
  const part = (name: 'requests' | 'limits'): Readonly<Record<string, string>> => {
    const own = fieldOf(set, name);
    if (own === null) return {};
    const both = { ...defaults[name], ...fieldsOf(own) };
    return Object.fromEntries(
      Object.entries(both).flatMap(([key, value]) =>
        typeof value === 'string' || typeof value === 'number' ? [[key, String(value)]] : [],
      ),
    );
  };
  return { requests: part('requests'), limits: part('limits') };
}

/** What is missing of a request of each and a limit of memory; a limit is the request of a container without one. */
export function missingOf({ requests = {}, limits = {} }: Resources): readonly string[] {
  return [
    ...((requests.cpu ?? limits.cpu) === undefined ? ['requests.cpu'] : []),
    ...((requests.memory ?? limits.memory) === undefined ? ['requests.memory'] : []),
    ...(limits.memory === undefined ? ['limits.memory'] : []),
  ];
}

/** As a manifest or values have them, whatever else stands there. */
export function readResources(value: unknown): Resources {
  return merged({}, value);
}
