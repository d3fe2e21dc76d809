/** How much a container gets: what was measured, else what the plan says, else the table. Pure. */
import type { HelmRelease } from '../../gitops/flux/helm-release.js';
import type { Parameters } from './parameters.js';
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
  readonly source: 'measured' | 'plan' | 'table' | 'default';
}

export function sizeOf(
  release: Pick<HelmRelease, 'chart' | 'releaseName' | 'targetNamespace'>,
  key: string,
  { charts }: Parameters,
  usage: readonly ContainerUse[],
): Sized {
  const chart = release.chart?.name ?? '';
  const measured = measuredSize(release, key, Object.keys(sizes[chart] ?? {}), usage);
  if (measured) return { size: measured, source: 'measured' };
  const planned = charts[chart]?.[key];
  if (planned) return { size: planned, source: 'plan' };
  const known = sizes[chart]?.[key];
  return known ? { size: known, source: 'table' } : { size: defaultSize, source: 'default' };
}

/**
 * A release's pods begin with its name, and those of a component have its name in theirs; the chart's main pods have the
 * name of no component. Of several the largest counts.
 */
function measuredSize(
  { releaseName, targetNamespace }: Pick<HelmRelease, 'releaseName' | 'targetNamespace'>,
  key: string,
  keys: readonly string[],
  usage: readonly ContainerUse[],
): Size | undefined {
  const own = componentOf(key);
  const others = keys.map(componentOf).filter((component) => component !== '' && component !== own);
  const found = usage.filter(
    ({ namespace, pod }) =>
      namespace === targetNamespace &&
      pod.startsWith(releaseName) &&
      (own === '' ? !others.some((component) => pod.includes(component)) : pod.includes(own)),
  );
  if (found.length === 0) return undefined;
  const cpuMillis = Math.max(...found.map(({ cpuCores }) => cpuCores)) * 1000;
  const memoryMi = Math.max(...found.map(({ memoryBytes }) => memoryBytes)) / 2 ** 20;
  // The request is what is used, the limit leaves half as much again; small numbers are not measured, they are noise.
  return [`${roundUp(cpuMillis, 10)}m`, `${roundUp(memoryMi, 32)}Mi`, `${roundUp(memoryMi * 1.5, 64)}Mi`];
}

/** `webhook.resources` is the component webhook, `resources` the chart itself. */
function componentOf(key: string): string {
  return key.split('.').at(-2)?.toLowerCase() ?? '';
}

function roundUp(number: number, step: number): number {
  return Math.max(step, Math.ceil(number / step) * step);
}

/** The sizes as `resources`; what stands there stays, and a request never exceeds a limit that does. */
export function withSizes([cpu, memory, memoryLimit]: Size, kept: string | undefined) {
  return {
    requests: { cpu, memory: kept !== undefined && bytesOf(kept) < bytesOf(memory) ? kept : memory },
    limits: { memory: kept ?? memoryLimit },
  };
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

function bytesOf(quantity: string): number {
  const [, number = '0', unit = ''] = /^([\d.]+)(.*)$/.exec(quantity) ?? [];
  return Number(number) * (units[unit] ?? 1);
}
