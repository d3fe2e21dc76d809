/** What must run before an ExternalSecret gives a Secret: the operator, its store and the store's backend, network and DNS. */
import type { Applier } from '../flux/flux-kustomization.js';
import type { FluxState } from '../flux/flux-state.js';
import { fieldOf, fieldsOf, textOf, valueAt } from '../manifests/fields.js';
import { applierText, parentsOf } from './applier-text.js';
import type { Repository } from './repository.js';

export interface StoreReference {
  readonly kind: 'SecretStore' | 'ClusterSecretStore';
  readonly namespace: string;
  readonly name: string;
}

/** Undefined where it names none: a generator then makes the values, or each entry names its own. */
export function storeOf(externalSecret: unknown, namespace: string): StoreReference | undefined {
  const reference = valueAt(externalSecret, ['spec', 'secretStoreRef']);
  const name = textOf(fieldOf(reference, 'name'));
  if (name === undefined) return undefined;
  return fieldOf(reference, 'kind') === 'ClusterSecretStore'
    ? { kind: 'ClusterSecretStore', namespace: '', name }
    : { kind: 'SecretStore', namespace, name };
}

export const operatorChart = 'external-secrets';

/** What pods need before anything is reached by name. */
const groundCharts: ReadonlyMap<string, string> = new Map([
  ['cilium', 'the network'],
  ['tigera-operator', 'the network'],
  ['flannel', 'the network'],
  ['coredns', 'DNS'],
]);

/** The chart that a provider's backend comes with where it runs in the same cluster. */
const backendCharts: ReadonlyMap<string, string> = new Map([
  ['onepassword', 'connect'],
  ['vault', 'vault'],
  ['infisical', 'infisical-standalone'],
]);

/** By what applies it, what it is needed for: `runs External Secrets`, `is the network`. */
export function needsOf(store: StoreReference, { flux, ownership }: Repository): ReadonlyMap<Applier, string> {
  const needs = new Map<Applier, string>();
  const add = (applier: Applier, why: string): void => {
    if (!needs.has(applier)) needs.set(applier, why);
  };
  const stores = ownership.of({ group: 'external-secrets.io', ...store });
  const backends = new Set(
    stores.flatMap(({ composed }) =>
      Object.keys(fieldsOf(valueAt(composed.value, ['spec', 'provider']))).flatMap(
        (provider) => backendCharts.get(provider) ?? [],
      ),
    ),
  );
  for (const { chart, object } of flux.helmReleases) {
    if (chart?.name === operatorChart) add(object.owner, 'runs External Secrets');
    if (backends.has(chart?.name ?? '')) add(object.owner, "runs the store's backend");
  }
  for (const { owner } of stores) add(owner, 'makes the store');
  for (const { chart, object } of flux.helmReleases) {
    const ground = groundCharts.get(chart?.name ?? '');
    if (ground !== undefined) add(object.owner, `is ${ground}`);
  }
  const directly = [...needs.keys()];
  for (const applier of directly)
    for (const before of waitsBefore(applier, flux)) add(before, `comes before ${applierText(applier)}`);
  return needs;
}

/** Everything that must be ready or applied before it: parents, and dependencies of each. */
function waitsBefore(applier: Applier, flux: FluxState): ReadonlySet<Applier> {
  const found = new Set<Applier>();
  const queue: Applier[] = [applier];
  for (let one = queue.pop(); one; one = queue.pop()) {
    if (one.kind !== 'kustomization') continue;
    const { id, spec } = one;
    const dependencies = spec.dependsOn.flatMap(
      ({ name, namespace = id.namespace }) => flux.kustomization(namespace, name) ?? [],
    );
    for (const next of [...parentsOf(one), ...dependencies]) {
      if (found.has(next)) continue;
      found.add(next);
      queue.push(next);
    }
  }
  return found;
}
