/** A custom resource that is applied before anything can have brought its definition: Flux's dry run refuses all beside it. */
import type { Applier, AppliedObject } from '../flux/flux-kustomization.js';
import type { FluxState } from '../flux/flux-state.js';
import { groupBy } from '../manifests/group-by.js';
import { objectText } from '../manifests/object-id.js';
import type { FindingDraft } from '../lint/finding.js';
import type { Rule } from '../lint/rule.js';
import { counted } from '../lint/wording.js';
import { applierText, parentsOf } from '../model/applier-text.js';
import { readBootstrap } from '../model/bootstrap.js';
import type { Repository } from '../model/repository.js';
import type { Consumer, Producer } from '../references/reference.js';

export const customResourceBeforeDefinition: Rule = {
  id: 'custom-resource-before-definition',
  severity: 'error',
  summary: 'A custom resource is applied before its definition can be there.',
  layer: 'reference graph',
  *check(repository) {
    const { charts, hiddenScript } = readBootstrap(repository);
    for (const [first, ...others] of byOwnerAndDefinition(repository)) {
      const found = judge(first!, others, repository, charts);
      if (!found) continue;
      const unless = `; this is so unless ${hiddenScript}, which is not here, brings the definition when a cluster is made`;
      yield hiddenScript === undefined ? found : { ...found, message: found.message + unless, severity: 'warning' };
    }
  },
};

/** One finding for all objects of a kind that one Kustomization applies. */
function byOwnerAndDefinition({ references }: Repository): Iterable<readonly Consumer[]> {
  const owners = new Map<Applier, number>();
  const numberOf = (owner: Applier): number => owners.get(owner) ?? owners.set(owner, owners.size).size - 1;
  const consumers = references.consumers.filter(
    ({ target, isOptional }) => target.kind === 'CustomResourceDefinition' && !isOptional,
  );
  return groupBy(consumers, ({ owner, target }) => `${numberOf(owner)} ${target.name}`).values();
}

function judge(
  first: Consumer,
  others: readonly Consumer[],
  { references, flux }: Repository,
  bootstrapped: ReadonlySet<string>,
): FindingDraft | undefined {
  const { owner, target } = first;
  const resolution = references.resolve(first);
  if (resolution.status === 'missing') return finding(first, others, 'missing', missing(first));
  if (resolution.status !== 'produced') return undefined;
  const waiting = resolution.producers.map((producer) => {
    const chart = producer.release?.chart?.name;
    return chart !== undefined && bootstrapped.has(chart) ? undefined : whyLate(producer, owner, flux);
  });
  const why = waiting.find((one) => one !== undefined);
  if (why === undefined || waiting.includes(undefined)) return undefined;
  const [producer] = resolution.producers;
  const what =
    others.length === 0 ? objectText(first.object.id) : counted(others.length + 1, target.name.split('.')[0]!);
  return finding(first, others, why, `${applierText(owner)} applies ${what}, ${late(why, producer!, owner)}`);
}

type Why = 'same' | 'child' | 'depends';

/** Why the definition cannot be there first; undefined where it can. */
function whyLate({ owner: bringer, form }: Producer, owner: Applier, flux: FluxState): Why | undefined {
  if (!bringer) return undefined;
  // Flux applies definitions before the rest of a Kustomization; a chart's come only when its release is installed.
  if (bringer === owner) return form === 'chart' ? 'same' : undefined;
  if (parentsOf(bringer).includes(owner)) return 'child';
  return waitsFor(bringer, owner, flux) ? 'depends' : undefined;
}

function waitsFor(from: Applier, to: Applier, flux: FluxState): boolean {
  const seen = new Set<Applier>();
  const queue: Applier[] = [from];
  for (let one = queue.pop(); one; one = queue.pop()) {
    if (seen.has(one)) continue;
    seen.add(one);
    if (one.kind !== 'kustomization') continue;
    for (const { name, namespace = one.id.namespace } of one.spec.dependsOn) {
      const next = flux.kustomization(namespace, name);
      if (next === to) return true;
      if (next) queue.push(next);
    }
  }
  return false;
}

function late(why: Why, { owner, release }: Producer, applier: Applier): string {
  const brings = release ? `the chart of ${objectText(release.id)}` : applierText(owner!);
  switch (why) {
    case 'same':
      return `whose definition comes with ${brings} in the same Kustomization: the dry run of one unknown kind fails them all, so the release is never applied; put the custom resources into a Kustomization of their own that depends on ${dependency(owner!)}`;
    case 'child':
      return `but their definition comes with ${brings}, which is applied by ${applierText(owner!)}, and that is made by ${applierText(applier)} itself: a new cluster never gets past this; let a Kustomization that depends on ${dependency(owner!)} apply them, or bring the definitions before`;
    case 'depends':
      return `but their definition comes with ${brings}, which is applied by ${applierText(owner!)}, and that waits for ${applierText(applier)}: neither ever starts; turn the dependency round`;
  }
}

function dependency(owner: Applier): string {
  return owner.kind === 'kustomization' ? `${owner.id.namespace}/${owner.id.name}` : 'it';
}

function missing({ object, owner, target }: Consumer): string {
  const [kind] = target.name.split('.');
  return `no manifest, chart or remote resource of the tree brings the definition of ${kind} (${object.id.group}/${object.id.version}): the server refuses all of ${applierText(owner)}; bring the definition by a Kustomization that this one depends on, or take the object out`;
}

function finding(first: Consumer, others: readonly Consumer[], key: string, message: string): FindingDraft {
  const places = new Map(others.map(({ object }) => [placeText(object), object]));
  places.delete(placeText(first.object));
  return {
    at: first.object.composed.root.place,
    subject: objectText(first.object.id),
    message,
    key: `${first.target.name} ${key}`,
    related: [...places.values()]
      .slice(0, 5)
      .map(({ composed, id }) => ({ ...composed.root.place, message: `${objectText(id)}, too` })),
  };
}

function placeText({ composed }: AppliedObject): string {
  const { file, line } = composed.root.place;
  return `${file}:${line}`;
}
