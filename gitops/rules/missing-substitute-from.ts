/** A Kustomization reads variables from a ConfigMap or Secret that nothing makes in its namespace: it never applies. */
import { byPlace, aboutObjects } from '../lint/about-objects.js';
import { didYouMean, namespaced, probablyMeant } from '../lint/probably-meant.js';
import type { Rule } from '../lint/rule.js';
import { listed } from '../lint/wording.js';
import { objectText } from '../manifests/object-id.js';
import { readBootstrap } from '../model/bootstrap.js';
import { isSubstituteFrom } from '../model/flux-consumers.js';
import type { Consumer, References } from '../references/reference.js';

export const missingSubstituteFrom: Rule = {
  id: 'missing-substitute-from',
  severity: 'error',
  summary: 'A Kustomization reads variables from a ConfigMap or Secret that nothing makes in its namespace.',
  layer: 'reference graph',
  *check(repository) {
    const { references } = repository;
    const missing = references.consumers.filter(
      (consumer) =>
        isSubstituteFrom(consumer) &&
        !consumer.isOptional &&
        ['missing', 'hashed'].includes(references.resolve(consumer).status),
    );
    if (missing.length === 0) return;
    const { secrets, hiddenTemplate } = readBootstrap(repository);
    const isByHand = ({ target }: Consumer): boolean => target.kind === 'Secret' && hiddenTemplate !== undefined;
    const unmade = missing.filter(({ target }) => target.kind !== 'Secret' || !secrets.has(namespaced(target)));
    for (const { at, items } of byPlace(unmade, ({ origin }) => origin.place))
      yield {
        at,
        subject: aboutObjects(items.map(({ object }) => object.id)),
        message: `${messageOf(items, references)}${isByHand(items[0]) ? `; this is so unless ${hiddenTemplate}, which is not here, makes it when a cluster is made` : ''}`,
        key: objectText({ ...items[0].target, namespace: '' }),
        ...(isByHand(items[0]) && { severity: 'warning' }),
      };
  },
};

function messageOf(items: readonly [Consumer, ...Consumer[]], references: References): string {
  const [{ target }] = items;
  const namespaces = [...new Set(items.map((item) => item.target.namespace))].sort();
  const where = `in namespace${namespaces.length === 1 ? '' : 's'} ${listed(namespaces)}`;
  if (references.resolve(items[0]).status === 'hashed')
    return `reads variables from ${target.kind} ${target.name}, which a generator makes under a name with a hash; set disableNameSuffixHash: true for it`;
  const known = references.producers.map((producer) => producer.target).filter(({ kind }) => kind === target.kind);
  const meant = probablyMeant(target, known);
  const elsewhere = [...new Set(meant.filter(({ name }) => name === target.name).map((one) => one.namespace))].sort();
  const hint =
    elsewhere.length > 0
      ? `it is made in ${listed(elsewhere)}, and substituteFrom looks only in the Kustomization's own namespace: make it there, or say optional: true`
      : `make it there, or say optional: true${didYouMean(target, meant)}`;
  return `reads variables from ${target.kind} ${target.name}, which nothing makes ${where}, so that it never applies anything; ${hint}`;
}
