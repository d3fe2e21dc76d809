/** A Secret that comes through a store which needs that very Secret before it runs. */
import type { Applier } from '../flux/flux-kustomization.js';
import { valueAt } from '../manifests/fields.js';
import { objectText } from '../manifests/object-id.js';
import type { FindingDraft } from '../lint/finding.js';
import type { Rule } from '../lint/rule.js';
import { counted, listed } from '../lint/wording.js';
import { readBootstrap } from '../model/bootstrap.js';
import type { Repository } from '../model/repository.js';
import { needsOf, operatorChart, storeOf, type StoreReference } from '../model/store-needs.js';
import type { Consumer, Producer } from '../references/reference.js';

export const secretCycle: Rule = {
  id: 'secret-cycle',
  severity: 'error',
  summary: 'A Secret comes through a secret store that needs it before it can run.',
  layer: 'reference graph',
  *check(repository) {
    // With the operator and its store there before Flux, every Secret comes without Flux.
    if (readBootstrap(repository).charts.has(operatorChart)) return;
    for (const group of secretsByExternalSecret(repository)) {
      const draft = judge(group, repository);
      if (draft) yield draft;
    }
  },
};

/** All that one ExternalSecret makes as it is written: of a component, one Secret in each namespace. */
interface Group {
  readonly name: string;
  readonly store: StoreReference;
  readonly producers: Producer[];
}

function secretsByExternalSecret({ references }: Repository): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const producer of references.producers) {
    const { form, object, target } = producer;
    if (form !== 'external-secret' || !object || target.kind !== 'Secret') continue;
    if (references.producersOf(target).some((other) => other.form !== 'external-secret')) continue;
    const { value } = object.composed;
    const isShared = object.id.kind === 'ClusterExternalSecret';
    // Of a shared one the ExternalSecret, and its store, are in the namespace of the Secret.
    const store = storeOf(
      isShared ? { spec: valueAt(value, ['spec', 'externalSecretSpec']) } : value,
      target.namespace,
    );
    if (!store) continue;
    const { file, line } = object.composed.root.place;
    const key = `${file}:${line} ${target.name} ${store.namespace}`;
    const group = groups.get(key) ?? { name: target.name, store, producers: [] };
    groups.set(key, group);
    group.producers.push(producer);
  }
  return [...groups.values()];
}

function judge({ name, store, producers }: Group, repository: Repository): FindingDraft | undefined {
  const needs = needsOf(store, repository);
  const consumers = producers
    .flatMap(({ target }) => repository.references.consumersOf(target))
    .filter(({ certainty, isOptional }) => certainty === 'exact' && !isOptional);
  const [first] = producers;
  const caught = consumers.flatMap((consumer) => {
    const why = neededFor(consumer, needs, store, repository);
    return why === undefined ? [] : [{ consumer, why }];
  });
  if (caught.length === 0) return undefined;
  const among = [...new Map(caught.map(({ consumer, why }) => [objectText(consumer.object.id), why]))];
  return {
    at: first!.object!.composed.root.place,
    subject:
      producers.length === 1
        ? `Secret ${first!.target.namespace}/${name}`
        : `Secret ${name} (in ${producers.length} namespaces)`,
    message: `comes through ${objectText(store)}, and ${counted(consumers.length, 'object')} cannot do without it, among them ${listed(
      among.map(([object, why]) => `${object}, which ${why}`),
      { most: 5 },
    )}: the store needs what waits for its Secret; make this Secret without the store (SOPS), or let what the store needs do without it`,
    key: 'cycle',
    related: caught.slice(0, 6).map(({ consumer, why }) => ({
      ...consumer.origin.place,
      message: `${objectText(consumer.object.id)} needs it and ${why}`,
    })),
  };
}

/** What the store needs the consumer for; undefined where it does without. */
function neededFor(
  { object, owner, release }: Consumer,
  needs: ReadonlyMap<Applier, string>,
  store: StoreReference,
  { flux }: Repository,
): string | undefined {
  const { kind, name, namespace, group } = object.id;
  if (kind === store.kind && name === store.name) return 'is the store';
  if (kind === 'Kustomization' && group === 'kustomize.toolkit.fluxcd.io') {
    const itself = flux.kustomization(namespace, name);
    return itself && needs.get(itself);
  }
  // The release of what is needed, not what else its Kustomization applies.
  return kind === 'HelmRelease' && !release ? needs.get(owner) : undefined;
}
