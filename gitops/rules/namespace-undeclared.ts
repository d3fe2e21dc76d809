/** Objects go to a namespace that nothing declares: the server's dry run refuses them, and Flux all beside them. */
import { byPlace } from '../lint/about-objects.js';
import type { FindingDraft } from '../lint/finding.js';
import { nearest } from '../lint/nearest.js';
import type { Rule } from '../lint/rule.js';
import { counted, listed } from '../lint/wording.js';
import { objectText } from '../manifests/object-id.js';
import { applierText } from '../model/applier-text.js';
import type { Consumer, Producer, References } from '../references/reference.js';

export const namespaceUndeclared: Rule = {
  id: 'namespace-undeclared',
  severity: 'error',
  summary: 'Objects go to a namespace that no applied manifest declares.',
  layer: 'reference graph',
  *check({ references }) {
    for (const [namespace, consumers] of consumersByNamespace(references)) {
      const { status } = references.resolve(consumers[0]!);
      const makers = references.producersOf({ kind: 'Namespace', namespace: '', name: namespace });
      if (status === 'missing') yield finding(namespace, consumers, [], references);
      else if (status === 'produced' && makers.every(({ release }) => release)) {
        // A release cannot make the namespace that it stands in itself.
        const outside = makers.filter(({ object }) => object?.id.namespace !== namespace);
        const others = consumers.filter(({ object }) => !makers.some((maker) => maker.object === object));
        if (outside.length === 0 || others.length > 0) yield finding(namespace, consumers, outside, references);
      }
    }
  },
};

function consumersByNamespace({ consumers }: References): ReadonlyMap<string, readonly Consumer[]> {
  const byNamespace = new Map<string, Consumer[]>();
  for (const consumer of consumers) {
    const { kind, name } = consumer.target;
    if (kind !== 'Namespace' || consumer.isOptional || consumer.certainty === 'guess') continue;
    const known = byNamespace.get(name);
    if (known) known.push(consumer);
    else byNamespace.set(name, [consumer]);
  }
  return byNamespace;
}

function finding(
  namespace: string,
  consumers: readonly Consumer[],
  makers: readonly Producer[],
  references: References,
): FindingDraft {
  const places = byPlace(consumers, ({ origin }) => origin.place);
  const appliers = [...new Set(consumers.map(({ owner }) => applierText(owner)))];
  const what = `${counted(consumers.length, 'object')} of ${listed(appliers)} ${consumers.length === 1 ? 'goes' : 'go'} there`;
  const message =
    makers.length > 0
      ? `only ${listed(makers.map(({ object }) => objectText(object!.id)))} makes it (install.createNamespace), and ${what}, which fails until that release is installed; declare it, or depend on what applies the release`
      : `no manifest declares it, and ${what}: Flux's dry run says namespaces "${namespace}" not found and applies nothing beside them; declare it${hint(namespace, references)}`;
  return {
    at: places[0]!.at,
    subject: `Namespace ${namespace}`,
    message,
    key: 'undeclared',
    ...(makers.length > 0 && { severity: 'info' }),
    related: places.slice(1, 6).map(({ at }) => ({ ...at, message: 'is put into it here' })),
  };
}

function hint(namespace: string, { producers }: References): string {
  const declared = producers.flatMap(({ target }) => (target.kind === 'Namespace' ? [target.name] : []));
  const meant = nearest(namespace, declared);
  return meant === undefined ? '' : `; did you mean ${meant}`;
}
