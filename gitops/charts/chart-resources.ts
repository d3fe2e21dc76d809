/** What is known of a chart's `resources`: the keys it reads, what it sets itself, and keys that only look right. */
import type { VersionRange } from './version-range.js';

export interface Resources {
  readonly requests?: { readonly cpu?: string; readonly memory?: string };
  readonly limits?: { readonly cpu?: string; readonly memory?: string };
}

/** A switch in the values that a container is only there with. */
export interface Switch {
  readonly path: readonly string[];
  /** What the chart's default comes to. */
  readonly byDefault: boolean;
  /** The value that means on; a boolean or a number of replicas without it. */
  readonly is?: string;
}

export interface ResourceKey {
  /** In the values; `*` for every entry of a mapping or sequence there. */
  readonly path: readonly string[];
  readonly when?: readonly Switch[];
  /** What the chart sets itself; the values of a release are merged over it. */
  readonly defaults?: Resources;
  /** Where the chart looks next if nothing stands at the path. */
  readonly fallback?: readonly string[];
  /** A hook's Job, or a key that is no container's: nothing is missing where it is not set. */
  readonly isOptional?: true;
}

/** A key that looks right and that the chart does not read. */
export interface UnusedKey {
  readonly path: readonly string[];
  /** What to write instead. */
  readonly instead: string;
  /** A sequence or mapping there is not read, a text is. */
  readonly readsText?: true;
}

export interface ChartResources {
  readonly chart: string;
  readonly versions?: VersionRange;
  readonly keys: readonly ResourceKey[];
  readonly unused?: readonly UnusedKey[];
  /** Where no key can set them. */
  readonly otherWay?: string;
}
