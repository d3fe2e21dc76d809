/** Where Flux starts: the paths that a FluxInstance syncs, and Kustomizations that nothing else applies. */
import type { BuiltObject } from '../kustomize/built-object.js';
import type { Kustomize } from '../kustomize/kustomize.js';
import { folderOf, joinPath } from '../kustomize/repository-files.js';
import type { Composed } from '../manifests/composed.js';
import { fieldOf, nonEmpty, valueAt } from '../manifests/fields.js';
import type { Manifest } from '../manifests/manifest.js';
import type { Origin } from '../manifests/origin.js';
import { hasChart, helmGroup, readHelmReleaseSpec } from './helm-release-spec.js';
import { mergeValues } from './merge-values.js';
import { ObjectIndex } from './object-index.js';

/** The `sync` of a FluxInstance, wherever it stands: in the object, or in the values of its chart. */
export interface Sync {
  readonly path: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly url: string | undefined;
  readonly origin: Origin;
}

const fluxNamespace = 'flux-system';

export function findSyncs(manifests: readonly Manifest[], kustomize: Kustomize): readonly Sync[] {
  return manifests.flatMap((manifest) => {
    const { group, kind } = manifest.id;
    if (group === 'fluxcd.controlplane.io' && kind === 'FluxInstance') {
      const built = builtFrom(manifest, kustomize);
      return built ? readSync(built.object.composed.at(['spec', 'sync'])) : [];
    }
    if (group !== helmGroup || kind !== 'HelmRelease' || !manifest.file.text.includes('flux-instance')) return [];
    if (!hasChart(manifest.value)) return [];
    const built = builtFrom(manifest, kustomize);
    if (!built || !isFluxInstanceChart(built.object, built.objects)) return [];
    const { values } = mergeValues(built.object, built.objects, {
      nameReferences: built.nameReferences,
      isOfSameBuild: () => true,
      isSecretMade: () => false,
      substitute: (written) => written,
    });
    return readSync(values.at(['instance', 'sync']));
  });
}

/** The object as its own folder builds it: with patches, and beside the ConfigMaps that are generated there. */
function builtFrom(manifest: Manifest, kustomize: Kustomize) {
  const { objects, nameReferences } = kustomize.build(folderOf(manifest.file.path));
  const object = objects.find((built) => built.manifest?.origin.document === manifest.origin.document);
  return object && { object, objects: new ObjectIndex(objects), nameReferences };
}

function isFluxInstanceChart({ id, composed }: BuiltObject, objects: ObjectIndex): boolean {
  const { chart } = readHelmReleaseSpec(composed.value);
  if (!chart) return false;
  if (chart.chart !== undefined) return chart.chart === 'flux-instance';
  const { kind, name, namespace = id.namespace } = chart.sourceRef;
  const url = nonEmpty(valueAt(objects.first(kind, namespace, name)?.composed.value, ['spec', 'url']));
  return url === undefined ? name === 'flux-instance' : url.endsWith('/flux-instance');
}

function readSync(sync: Composed): readonly Sync[] {
  const path = nonEmpty(fieldOf(sync.value, 'path'));
  if (path === undefined) return [];
  const directory = joinPath('', path);
  if (directory === undefined) return [];
  return [
    {
      path: directory,
      kind: nonEmpty(fieldOf(sync.value, 'kind')) ?? 'GitRepository',
      name: nonEmpty(fieldOf(sync.value, 'name')) ?? fluxNamespace,
      namespace: fluxNamespace,
      url: nonEmpty(fieldOf(sync.value, 'url')),
      origin: sync.origin(['path']),
    },
  ];
}
