/** Which release of Flux serves which API version of its kinds. */

/** A minor release, `2.6`: patch releases never add or remove an API version. */
export type FluxMinor = `${number}.${number}`;

export interface ServedVersion {
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly since: FluxMinor;
  /** The last that serves it; undefined while all do. */
  readonly last: FluxMinor | undefined;
  readonly deprecatedSince: FluxMinor | undefined;
}

const source = 'source.toolkit.fluxcd.io';
const kustomize = 'kustomize.toolkit.fluxcd.io';
const helm = 'helm.toolkit.fluxcd.io';
const notification = 'notification.toolkit.fluxcd.io';
const image = 'image.toolkit.fluxcd.io';

type Row = readonly [
  group: string,
  kinds: readonly string[],
  version: string,
  since: FluxMinor,
  last?: FluxMinor | '',
  deprecatedSince?: FluxMinor,
];

/**
 * Read from the definitions themselves: those of the controllers' tags that fluxcd/flux2 names in
 * `manifests/crds/kustomization.yaml` at every one of its releases from 0.12 to 2.9.4, and, where a controller's tag was
 * not at hand (2.9, source-watcher), from the release files in `config/data/flux` of controlplaneio-fluxcd/flux-operator.
 */
const rows: readonly Row[] = [
  [source, ['GitRepository'], 'v1', '2.0'],
  [source, ['HelmRepository', 'HelmChart'], 'v1', '2.3'],
  [source, ['Bucket'], 'v1', '2.4'],
  [source, ['OCIRepository'], 'v1', '2.6'],
  [source, ['ExternalArtifact'], 'v1', '2.7'],
  [source, ['GitRepository'], 'v1beta2', '0.28', '2.7', '2.0'],
  [source, ['HelmRepository', 'HelmChart'], 'v1beta2', '0.28', '2.7', '2.3'],
  [source, ['Bucket'], 'v1beta2', '0.28', '2.7', '2.4'],
  [source, ['OCIRepository'], 'v1beta2', '0.32', '2.7', '2.6'],
  [source, ['GitRepository'], 'v1beta1', '0.12', '2.6', '2.0'],
  [source, ['HelmRepository', 'HelmChart', 'Bucket'], 'v1beta1', '0.12', '2.6', '2.3'],
  ['source.extensions.fluxcd.io', ['ArtifactGenerator'], 'v1beta1', '2.7'],
  [kustomize, ['Kustomization'], 'v1', '2.0'],
  [kustomize, ['Kustomization'], 'v1beta2', '0.18', '2.7', '2.0'],
  [kustomize, ['Kustomization'], 'v1beta1', '0.12', '2.6', '2.0'],
  [helm, ['HelmRelease'], 'v2', '2.3'],
  [helm, ['HelmRelease'], 'v2beta2', '2.2', '2.7', '2.3'],
  [helm, ['HelmRelease'], 'v2beta1', '0.12', '2.6', '2.2'],
  [notification, ['Receiver'], 'v1', '2.0'],
  [notification, ['Receiver'], 'v1beta2', '0.38', '2.8', '2.0'],
  [notification, ['Receiver'], 'v1beta1', '0.12', '2.6', '2.0'],
  [notification, ['Alert', 'Provider'], 'v1beta3', '2.2'],
  [notification, ['Alert', 'Provider'], 'v1beta2', '0.38', '2.8', '2.2'],
  [notification, ['Alert', 'Provider'], 'v1beta1', '0.12', '2.6', '2.2'],
  [image, ['ImagePolicy', 'ImageRepository', 'ImageUpdateAutomation'], 'v1', '2.7'],
  [image, ['ImagePolicy', 'ImageRepository'], 'v1beta2', '0.40', '2.8', '2.7'],
  [image, ['ImageUpdateAutomation'], 'v1beta2', '2.3', '2.8', '2.7'],
  [image, ['ImagePolicy', 'ImageRepository'], 'v1beta1', '0.16', '2.6'],
  [image, ['ImageUpdateAutomation'], 'v1beta1', '0.16', '2.6', '2.3'],
  [image, ['ImagePolicy', 'ImageRepository', 'ImageUpdateAutomation'], 'v1alpha2', '0.13', '0.36'],
  [image, ['ImagePolicy', 'ImageRepository', 'ImageUpdateAutomation'], 'v1alpha1', '0.12', '0.36'],
];

export const servedVersions: readonly ServedVersion[] = rows.flatMap(
  ([group, kinds, version, since, last, deprecatedSince]) =>
    kinds.map((kind) => ({ kind, group, version, since, last: last || undefined, deprecatedSince })),
);

/** Every version of a kind that Flux ever served; none of a kind that is not Flux's. */
export function versionsOf(group: string, kind: string): readonly ServedVersion[] {
  return servedVersions.filter((one) => one.group === group && one.kind === kind);
}

export function isServed({ since, last }: ServedVersion, by: FluxMinor): boolean {
  return compareMinors(since, by) <= 0 && (last === undefined || compareMinors(by, last) <= 0);
}

/** The minor after the last that serves it, as far as there is one. */
export function removedIn({ last }: ServedVersion): FluxMinor | undefined {
  if (last === undefined) return undefined;
  const [major, minor] = parts(last);
  return `${major}.${minor + 1}`;
}

export function compareMinors(a: FluxMinor, b: FluxMinor): number {
  const [majorOfA, minorOfA] = parts(a);
  const [majorOfB, minorOfB] = parts(b);
  return majorOfA - majorOfB || minorOfA - minorOfB;
}

/** Of a version as it is written: `v2.6.1`, `2.6.x`; undefined where it leaves the minor open (`2.x`, `latest`). */
export function minorOf(version: string): FluxMinor | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)(?:\.[\dx*].*)?$/.exec(version.trim()) ?? [];
  return major === undefined || minor === undefined ? undefined : `${Number(major)}.${Number(minor)}`;
}

function parts(minor: FluxMinor): readonly [number, number] {
  const [major = 0, rest = 0] = minor.split('.').map(Number);
  return [major, rest];
}
