/** A source of a kind that the field does not take, or whose type and address do not go together. */
import type { FluxState } from '../flux/flux-state.js';
import type { FindingDraft } from '../lint/finding.js';
import type { Rule } from '../lint/rule.js';
import { listed } from '../lint/wording.js';
import { isKnown, objectText } from '../manifests/object-id.js';
import { type SourceReferenceInUse, sourceReferences } from '../model/source-references.js';

export const wrongSourceKind: Rule = {
  id: 'wrong-source-kind',
  severity: 'error',
  summary: 'A source is of a kind that the reference does not take, or its type does not go with its address.',
  layer: 'reference graph',
  *check({ flux }) {
    for (const reference of sourceReferences(flux)) {
      const wrong = wrongKind(reference);
      if (wrong === undefined) continue;
      yield {
        at: reference.object.composed.origin([...reference.path, 'kind']).place,
        subject: objectText(reference.object.id),
        message: wrong,
        key: `${reference.field} ${reference.kind}`,
      };
    }
    yield* wrongAddresses(flux);
  },
};

function wrongKind({ field, kind, kinds, name, isMissing, namesakes }: SourceReferenceInUse): string | undefined {
  if (!kinds.includes(kind)) {
    const instead =
      field === 'spec.chart.spec.sourceRef' && kind === 'OCIRepository'
        ? 'take spec.chartRef for it, instead of spec.chart'
        : field === 'spec.chartRef' && kind === 'HelmRepository'
          ? 'take spec.chart.spec.sourceRef for it, with spec.chart.spec.chart'
          : `take ${listed(kinds, { and: 'or' })}`;
    return `${field} names a source of kind ${kind}, which Flux refuses there; ${instead}`;
  }
  const [namesake] = namesakes;
  if (!isMissing || !namesake) return undefined;
  const other = namesake.id.kind;
  const remedy = kinds.includes(other)
    ? `write kind: ${other}`
    : other === 'OCIRepository'
      ? 'take spec.chartRef for it, instead of spec.chart'
      : `declare the ${kind}`;
  return `${field} names ${kind} ${name}, but what has this name is an ${other}; ${remedy}`;
}

function* wrongAddresses({ sources }: FluxState): Generator<FindingDraft> {
  for (const { id, object, url, type } of sources) {
    if (url === undefined || !isKnown(url)) continue;
    const wrong = wrongAddress(id.kind, url, type);
    if (wrong === undefined) continue;
    yield { at: object.composed.origin(['spec', 'url']).place, subject: objectText(id), message: wrong, key: 'url' };
  }
}

function wrongAddress(kind: string, url: string, type: string | undefined): string | undefined {
  const isOci = url.startsWith('oci://');
  if (kind === 'HelmRepository' && isOci && type !== 'oci')
    return `spec.url ${url} is a registry, but spec.type is not oci, so Flux looks for an index.yaml; add type: oci`;
  if (kind === 'HelmRepository' && !isOci && type === 'oci')
    return `spec.type is oci, but spec.url ${url} does not begin with oci://; correct the one that is wrong`;
  if (kind === 'OCIRepository' && !isOci)
    return `spec.url ${url} does not begin with oci://, which an OCIRepository needs; correct it, or declare a source of another kind`;
  if (kind === 'GitRepository' && isOci)
    return `spec.url ${url} is a registry, no git repository; declare an OCIRepository`;
  return undefined;
}
