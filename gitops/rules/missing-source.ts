/** A sourceRef or chartRef that names no source: there is nothing to fetch, and what refers never becomes ready. */
import { sourceGroup } from '../flux/source-links.js';
import { didYouMean, namespaced, probablyMeant } from '../lint/probably-meant.js';
import type { Rule } from '../lint/rule.js';
import { objectText } from '../manifests/object-id.js';
import type { Repository } from '../model/repository.js';
import { type SourceReferenceInUse, sourceReferences } from '../model/source-references.js';

export const missingSource: Rule = {
  id: 'missing-source',
  severity: 'error',
  summary: 'A Kustomization or HelmRelease names a source that is not there.',
  layer: 'reference graph',
  *check(repository) {
    for (const reference of sourceReferences(repository.flux)) {
      const { object, field, path, kind, isMissing, namesakes, kinds } = reference;
      // Of the right name and the wrong kind: wrong-source-kind says it.
      if (!isMissing || namesakes.length > 0 || !kinds.includes(kind)) continue;
      yield {
        at: object.composed.origin([...path, 'name']).place,
        subject: objectText(object.id),
        message: `takes ${field} ${kind} ${namespaced(reference)}, which nothing provides${hint(reference, repository)}`,
        key: `${kind} ${namespaced(reference)}`,
      };
    }
  },
};

function hint(wanted: SourceReferenceInUse, { flux, manifests }: Repository): string {
  const { kind, name, kinds } = wanted;
  const known = flux.sources.map(({ id }) => id).filter((id) => kinds.includes(id.kind));
  const sameKind = known.filter((id) => id.kind === kind);
  const isElsewhere = sameKind.some((id) => id.name === name);
  const unapplied = manifests.find(({ id }) => id.kind === kind && id.name === name && id.group === sourceGroup);
  if (unapplied && !isElsewhere) return `; ${unapplied.file.path} declares one of that name, but nothing applies it`;
  return (
    didYouMean(wanted, probablyMeant(wanted, isElsewhere ? sameKind : known)) || '; declare it, or correct the name'
  );
}
