/** A reference that led somewhere before a change and leads nowhere after it. */
import type { FindingDraft } from '../lint/finding.js';
import type { ChangeRule } from '../lint/rule.js';
import { groupBy } from '../manifests/group-by.js';
import { keyText, objectText } from '../manifests/object-id.js';
import type { Repository } from '../model/repository.js';
import type { Consumer, Producer, Target } from '../references/reference.js';

export const referenceBroken: ChangeRule = {
  id: 'reference-broken',
  severity: 'error',
  summary: 'A change breaks a reference that resolved before it.',
  layer: 'reference graph',
  *checkChange(before, after) {
    const known = groupBy(before.references.consumers, slotOf);
    for (const consumer of after.references.consumers) {
      if (consumer.isOptional || !isBroken(after, consumer)) continue;
      const was =
        (known.get(slotOf(consumer)) ?? []).find((one) => isSame(one.target, consumer.target)) ??
        known.get(slotOf(consumer))?.find(({ target }) => target.name === consumer.target.name);
      const producers = was ? producersOf(before, was) : [];
      if (was && producers.length > 0) yield finding(consumer, was, producers[0]!, after);
    }
  },
};

function isBroken({ references }: Repository, consumer: Consumer): boolean {
  const { status } = references.resolve(consumer);
  return status === 'missing' || status === 'hashed';
}

function producersOf({ references }: Repository, consumer: Consumer): readonly Producer[] {
  const resolution = references.resolve(consumer);
  return resolution.status === 'produced' ? resolution.producers : [];
}

/** The object and the field, wherever in a list it stands. */
function slotOf({ object, path, target }: Consumer): string {
  return [keyText(object.id), target.kind, ...path.map((step) => (typeof step === 'number' ? '*' : step))].join('\n');
}

function isSame(a: Target, b: Target): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}

function finding(consumer: Consumer, was: Consumer, producer: Producer, after: Repository): FindingDraft {
  const isRenamed = !isSame(was.target, consumer.target);
  const isLeft = isRenamed && after.references.producersOf(was.target).length > 0;
  const maker = producer.object && objectText(producer.object.id);
  const by = maker === undefined || maker === targetText(consumer.target) ? '' : ` by ${maker}`;
  return {
    at: consumer.origin.place,
    subject: objectText((consumer.release ?? consumer.object).id),
    message: isRenamed
      ? `this change breaks a reference that was right: before it named ${targetText(was.target)}, which ${isLeft ? 'is still there' : 'was there'}, and now ${targetText(consumer.target)}, which nothing provides; ${isLeft ? 'put the old one back' : 'name one that is there'}`
      : `this change removes what it refers to: ${targetText(consumer.target)} was provided before${by}, and nothing provides it now; keep it, or take the reference away with it`,
    key: targetText(consumer.target),
    severity: consumer.certainty === 'guess' ? 'warning' : 'error',
    ...(producer.origin && { related: [{ ...producer.origin.place, message: 'provided it, before the change' }] }),
  };
}

function targetText(target: Target): string {
  return target.kind === 'CustomResourceDefinition' ? `the definition of ${target.name}` : objectText(target);
}
