/** Objects go to a namespace that nothing declares: the server refuses them, and in a dry run Flux all beside them. */
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
  // What the server refuses comes first.
  const ordered = consumers.toSorted((a, b) => Number(isInstalledThere(a)) - Number(isInstalledThere(b)));
  const places = byPlace(ordered, ({ origin }) => origin.place);
  return {
    at: places[0]!.at,
    subject: `Namespace ${namespace}`,
    message:
      makers.length > 0
        ? `only ${listed(makers.map(({ object }) => objectText(object!.id)))} makes it (install.createNamespace), and ${goingThere(consumers)}, which fails until that release is installed; declare it, or depend on what applies the release`
        : `no manifest declares it, and ${consequence(namespace, consumers)}${hint(namespace, references)}`,
    key: 'undeclared',
    ...(makers.length > 0 && { severity: 'info' }),
    related: places.slice(1, 6).map(({ at }) => ({ ...at, message: 'is put into it here' })),
  };
}

/** A chart's objects go there, and not the HelmRelease itself. */
function isInstalledThere({ object, path }: Consumer): boolean {
  return object.id.kind === 'HelmRelease' && path.at(-1) === 'targetNamespace';
}

function goingThere(consumers: readonly Consumer[]): string {
  const appliers = [...new Set(consumers.map(({ owner }) => applierText(owner)))];
  return `${counted(consumers.length, 'object')} of ${listed(appliers)} ${consumers.length === 1 ? 'goes' : 'go'} there`;
}

function consequence(namespace: string, consumers: readonly Consumer[]): string {
  const refused = consumers.filter((consumer) => !isInstalledThere(consumer));
  if (refused.length > 0)
    return `${goingThere(refused)}: Flux's dry run says namespaces "${namespace}" not found and applies nothing beside them; declare it`;
  const releases = [...new Set(consumers.map(({ object }) => objectText(object.id)))];
  const [is, its, fails] =
    releases.length === 1
      ? ['is', 'its chart', 'the installation fails']
      : ['are', 'their charts', 'the installations fail'];
  return `${listed(releases)} ${is} to install ${its} there: ${fails} with namespaces "${namespace}" not found; declare it, or set install.createNamespace: true`;
}

function hint(namespace: string, { producers }: References): string {
  const declared = producers.flatMap(({ target }) => (target.kind === 'Namespace' ? [target.name] : []));
  const meant = nearest(namespace, declared);
  return meant === undefined ? '' : `; did you mean ${meant}`;
}
