/** Reads the HelmReleases in effect: their charts, sources and merged values. */
import type { Composed } from '../manifests/composed.js';
import { isKnown, type ObjectId } from '../manifests/object-id.js';
import type { ExternalSecrets } from './find-variables.js';
import type { AppliedObject, FluxSource } from './flux-kustomization.js';
import type { HelmChart, HelmRelease } from './helm-release.js';
import { hasChart, type HelmReleaseSpec, helmGroup, readHelmReleaseSpec } from './helm-release-spec.js';
import { mergeValues } from './merge-values.js';
import type { ObjectIndex } from './object-index.js';
import { sourceGroup, type SourceLinks } from './source-links.js';
import { substituteObject } from './substitute-object.js';

/** A source that the tree declares, by kind, effective namespace and name. */
export type FindSource = (kind: string, namespace: string, name: string) => FluxSource | undefined;

export function readHelmReleases(
  objects: readonly AppliedObject[],
  index: ObjectIndex<AppliedObject>,
  secrets: ExternalSecrets,
  findSource: FindSource,
  links: SourceLinks,
): readonly HelmRelease[] {
  return objects
    .filter(({ id, composed }) => id.group === helmGroup && id.kind === 'HelmRelease' && hasChart(composed.value))
    .map((object) => readHelmRelease(object, index, secrets, findSource, links));
}

function readHelmRelease(
  object: AppliedObject,
  index: ObjectIndex<AppliedObject>,
  secrets: ExternalSecrets,
  findSource: FindSource,
  links: SourceLinks,
): HelmRelease {
  const { id, composed, manifest, owner } = object;
  const spec = readHelmReleaseSpec(composed.value);
  const { values, sources } = mergeValues(object, index, {
    nameReferences: owner.build?.nameReferences ?? [],
    isOfSameBuild: (producer) => producer.owner === owner,
    isSecretMade: (namespace, name) => secrets.find(namespace, name) !== undefined,
    substitute: substituteValues,
  });
  return {
    id,
    object,
    spec,
    written: manifest ? readHelmReleaseSpec(manifest.value) : spec,
    targetNamespace: spec.targetNamespace ?? id.namespace,
    releaseName:
      spec.releaseName ?? (spec.targetNamespace === undefined ? id.name : `${spec.targetNamespace}-${id.name}`),
    chart: readChart(object, spec, findSource, links),
    values,
    valuesSources: sources,
  };
}

/** As the owner of the ConfigMap does with its text; unless the ConfigMap says not to. */
function substituteValues(values: Composed, { owner, substitutions }: AppliedObject): Composed {
  if (owner.kind !== 'kustomization' || substitutions.length === 0) return values;
  return substituteObject(values, owner.variables).composed;
}

function readChart(
  { id, composed }: AppliedObject,
  spec: HelmReleaseSpec,
  findSource: FindSource,
  links: SourceLinks,
): HelmChart | undefined {
  const { chart } = spec;
  if (!chart) return undefined;
  const { kind, name, namespace = id.namespace } = chart.sourceRef;
  const sourceId: ObjectId = { group: sourceGroup, version: 'v1', kind, namespace, name };
  const source = findSource(kind, namespace, name);
  const isThere = source !== undefined || links.isSynced(chart.sourceRef, id.namespace);
  const status = isThere ? 'resolved' : isKnown(name) && isKnown(namespace) ? 'missing' : 'unknown';
  const [version, versionOrigin] =
    chart.version === undefined
      ? versionOfSource(source)
      : [chart.version, composed.origin([...chart.path, 'version'])];
  return {
    name: chart.chart ?? chartOfUrl(source),
    version,
    versionOrigin,
    status,
    source,
    sourceId,
    origin: composed.origin(chart.path),
  };
}

/** Of an OCI source the tag, or the digest without one. */
function versionOfSource(source: FluxSource | undefined) {
  for (const field of ['tag', 'semver', 'digest']) {
    const value = source?.ref.get(field);
    if (source && value !== undefined) return [value, source.object.composed.origin(['spec', 'ref', field])] as const;
  }
  return [undefined, undefined] as const;
}

function chartOfUrl(source: FluxSource | undefined): string | undefined {
  if (source?.id.kind !== 'OCIRepository' || source.url === undefined) return undefined;
  return source.url.slice(source.url.lastIndexOf('/') + 1) || undefined;
}
