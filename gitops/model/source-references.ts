/** Where Flux objects name the source that they read: which kinds the field takes, and what is there under that name. */
import type { AppliedObject, FluxSource } from '../flux/flux-kustomization.js';
import type { FluxState } from '../flux/flux-state.js';
import type { ObjectId } from '../manifests/object-id.js';

export interface SourceReferenceInUse {
  /** Who refers. */
  readonly object: AppliedObject;
  readonly field: 'spec.sourceRef' | 'spec.chartRef' | 'spec.chart.spec.sourceRef';
  readonly path: readonly string[];
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** That Flux accepts in this field. */
  readonly kinds: readonly string[];
  /** `missing`: nothing of the tree has this kind and name, and no sync makes it. */
  readonly isMissing: boolean;
  /** Sources of the same namespaced name, of another kind. */
  readonly namesakes: readonly FluxSource[];
}

/** What each field takes: the API's own enumerations, of the newest release. */
const kindsOf = {
  'spec.sourceRef': ['GitRepository', 'OCIRepository', 'Bucket', 'ExternalArtifact'],
  'spec.chartRef': ['OCIRepository', 'HelmChart', 'ExternalArtifact'],
  'spec.chart.spec.sourceRef': ['HelmRepository', 'GitRepository', 'Bucket'],
} as const;

export function sourceReferences(flux: FluxState): readonly SourceReferenceInUse[] {
  const inUse = (
    object: AppliedObject,
    field: SourceReferenceInUse['field'],
    { kind, namespace, name }: Pick<ObjectId, 'kind' | 'namespace' | 'name'>,
    isMissing: boolean,
  ): SourceReferenceInUse => {
    const namesakes = flux.sources.filter(
      ({ id }) => id.name === name && id.namespace === namespace && id.kind !== kind,
    );
    return {
      object,
      field,
      path: field.split('.'),
      kind,
      namespace,
      name,
      kinds: kindsOf[field],
      isMissing,
      namesakes,
    };
  };
  return [
    ...flux.kustomizations.flatMap(({ object, spec: { sourceRef }, source, id }) =>
      sourceRef
        ? [
            inUse(
              object,
              'spec.sourceRef',
              { namespace: id.namespace, ...defined(sourceRef) },
              source.status === 'missing',
            ),
          ]
        : [],
    ),
    ...flux.helmReleases.flatMap(({ object, spec, chart }) => {
      if (!spec.chart || !chart) return [];
      const field = spec.chart.path.at(-1) === 'chartRef' ? 'spec.chartRef' : 'spec.chart.spec.sourceRef';
      return [inUse(object, field, chart.sourceId, chart.status === 'missing')];
    }),
  ];
}

function defined({ kind, name, namespace }: { kind: string; name: string; namespace: string | undefined }) {
  return namespace === undefined ? { kind, name } : { kind, name, namespace };
}
