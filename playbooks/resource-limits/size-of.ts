/** How much a container gets: what was measured, else what the plan says, the table, or the chart itself. Pure. */
import { chartResources } from '../../gitops/charts/resource-keys.js';
import type { HelmRelease } from '../../gitops/flux/helm-release.js';
import type { Parameters } from './parameters.js';
import { roundUp } from './quantity.js';
import { defaultSize, type Size, sizes } from './sizes.js';

/** The highest of a week's memory and the 95th percentile of its CPU. */
export interface ContainerUse {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly cpuCores: number;
  readonly memoryBytes: number;
}

export interface Sized {
  readonly size: Size;
  readonly source: 'measured' | 'plan' | 'table' | 'chart' | 'default';
}

/** `key` is where the release's chart reads the resources; `keys` are those of all its containers. */
export function sizeOf(
  release: Pick<HelmRelease, 'chart' | 'releaseName' | 'targetNamespace'>,
  key: string,
  keys: readonly string[],
  { charts }: Parameters,
  usage: readonly ContainerUse[],
): Sized {
  const chart = release.chart?.name ?? '';
  const measured = measuredSize(release, key, keys, usage);
  if (measured) return { size: measured, source: 'measured' };
  const planned = charts[chart]?.[key];
  if (planned) return { size: planned, source: 'plan' };
  const known = sizes[chart]?.[key];
  if (known) return { size: known, source: 'table' };
  const own = sizeOfChart(release, key);
  return own ? { size: own, source: 'chart' } : { size: defaultSize, source: 'default' };
}

/** What the chart sets itself, where that has a limit of memory: nobody who measured nothing knows better. */
function sizeOfChart({ chart }: Pick<HelmRelease, 'chart'>, key: string): Size | undefined {
  const known = chartResources(chart?.name, chart?.version)?.keys.find(({ path }) => path.join('.') === key);
  const { requests, limits } = known?.defaults ?? {};
  if (limits?.memory === undefined) return undefined;
  return [requests?.cpu ?? defaultSize[0], requests?.memory ?? limits.memory, limits.memory];
}

/** Of several containers that one key is for the largest counts. */
function measuredSize(
  { releaseName, targetNamespace }: Pick<HelmRelease, 'releaseName' | 'targetNamespace'>,
  key: string,
  keys: readonly string[],
  usage: readonly ContainerUse[],
): Size | undefined {
  const own = componentOf(key);
  const names = new Set(keys.map((one) => componentOf(one).name));
  const found = usage.filter(
    ({ namespace, pod, container }) =>
      namespace === targetNamespace &&
      // An operator puts its own name before that of the release.
      `-${pod}-`.includes(`-${releaseName}-`) &&
      componentIn(pod, releaseName, names) === own.name &&
      (own.container === undefined || own.container === container),
  );
  if (found.length === 0) return undefined;
  const cpuMillis = Math.max(...found.map(({ cpuCores }) => cpuCores)) * 1000;
  const memoryMi = Math.max(...found.map(({ memoryBytes }) => memoryBytes)) / 2 ** 20;
  // The request is what is used, the limit leaves half as much again; small numbers are not measured, they are noise.
  return [`${roundUp(cpuMillis, 10)}m`, `${roundUp(memoryMi, 32)}Mi`, `${roundUp(memoryMi * 1.5, 64)}Mi`];
}

interface Component {
  /** As names of pods have it; empty for the chart itself. */
  readonly name: string;
  /** Undefined where the key is for all of a pod's containers. */
  readonly container?: string;
}

/** `webhook.resources` is the component webhook, `resources` the chart itself; with app-template a key says its container. */
function componentOf(key: string): Component {
  const [, before, controller, container] = /^(.*?)\.?controllers\.([^.]+)\.containers\.([^.]+)\./.exec(key) ?? [];
  if (controller !== undefined) return { name: plain(before || controller), container: container! };
  return { name: plain(key.split('.').at(-2) ?? '').replace(/spec$/, '') };
}

/** The longest of the names in a pod's, beside the release's own if it is there; a single component need not be named. */
function componentIn(pod: string, releaseName: string, names: ReadonlySet<string>): string {
  const [first = '', ...others] = [...names].toSorted((a, b) => b.length - a.length);
  if (others.length === 0) return first;
  const rest = plain(`-${pod}-`.replace(`-${releaseName}-`, '-'));
  const named = [first, ...others];
  return named.find((name) => rest.includes(name)) ?? named.find((name) => plain(pod).includes(name)) ?? '';
}

/** Keys are camelCase where names of pods have hyphens. */
function plain(name: string): string {
  return name.replaceAll('-', '').toLowerCase();
}
