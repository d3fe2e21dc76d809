/** Versions of charts, as far as tables of charts need them. */

/** From one version up to, and without, another; either may be open. */
export interface VersionRange {
  readonly from?: string;
  readonly before?: string;
}

/** A version that nobody knows is only in a range without bounds. */
export function isInRange({ from, before }: VersionRange, version: string | undefined): boolean {
  if (from === undefined && before === undefined) return true;
  const parts = version === undefined ? undefined : partsOf(version);
  if (!parts) return false;
  return (
    (from === undefined || compare(parts, partsOf(from)) >= 0) &&
    (before === undefined || compare(parts, partsOf(before)) < 0)
  );
}

type Parts = readonly number[];

/** `v1.20.6` and `1.20.6-rc.1` as numbers; undefined for `*`, `1.x` and what is no version. */
function partsOf(version: string): Parts | undefined {
  return /^v?\d+(?:\.\d+)*(?:[-+].*)?$/.test(version)
    ? version.replace(/^v/, '').split(/[-+]/)[0]!.split('.').map(Number)
    : undefined;
}

function compare(a: Parts, b: Parts | undefined): number {
  for (let index = 0; index < Math.max(a.length, b?.length ?? 0); index++) {
    const difference = (a[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
