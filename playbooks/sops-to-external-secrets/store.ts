/** The store: the one that the repository has, or where a new one goes and what it waits for. */
import type { FluxKustomization } from '../../gitops/flux/flux-kustomization.js';
import type { HelmRelease } from '../../gitops/flux/helm-release.js';
import { isInRange } from '../../gitops/charts/version-range.js';
import type { KustomizationFile } from '../../gitops/kustomize/kustomization-file.js';
import { folderOf, joinPath } from '../../gitops/kustomize/repository-files.js';
import { fieldsOf, nonEmpty, valueAt } from '../../gitops/manifests/fields.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import type { Repository } from '../../gitops/model/repository.js';
import { operatorChart } from '../../gitops/model/store-needs.js';
import { Waits } from '../waits.js';
import { whyStopped } from '../why-stopped.js';
import { sentAwayBy } from './other-clusters.js';
import type { Parameters } from './parameters.js';

type Provider = 'onepassword' | 'onepasswordSDK';

export interface Store {
  readonly name: string;
  readonly provider: Provider;
  readonly vault: string;
  /** Of all kinds of External Secrets, as its version serves them. */
  readonly apiVersion: string;
  readonly operator: HelmRelease;
  readonly operatorOwner: FluxKustomization;
  /** Connect, where it runs in the same cluster. */
  readonly backend: HelmRelease | undefined;
  /** What brings it; undefined while it is new. */
  readonly owner: FluxKustomization | undefined;
  /** The folder of the Kustomization that brings it, for what is not of one application; undefined where that would be the operator's own. */
  readonly folder: string | undefined;
  /** The kustomization that lists the operator's Kustomization: a new one goes beside it. */
  readonly parent: KustomizationFile | undefined;
}

/** A text is why there is none and none can be made. */
export function findStore(repository: Repository, parameters: Parameters): Store | string {
  const { flux } = repository;
  const releases = flux.helmReleases.filter(isOfThisCluster);
  const operator = releases.find(({ chart }) => chart?.name === operatorChart);
  if (!operator) return 'no HelmRelease of the chart external-secrets is applied; bring the operator first';
  const operatorOwner = operator.object.owner;
  if (operatorOwner.kind !== 'kustomization')
    return `${objectText(operator.id)} is applied by no Kustomization of the files; give it one`;
  const backend = releases.find(({ chart }) => chart?.name === 'connect');
  const base = { operator, operatorOwner, backend };
  const all = flux.objects.filter(({ id }) => id.group === 'external-secrets.io' && id.kind === 'ClusterSecretStore');
  const stores = all.filter(({ composed, owner }) => providerOf(composed.value) !== undefined && !sentAwayBy(owner));
  const found = stores.find(({ id }) => id.name === parameters.store) ?? (stores.length === 1 ? stores[0] : undefined);
  if (found) {
    const provider = providerOf(found.composed.value)!;
    const { owner } = found;
    if (owner.kind !== 'kustomization') return `${objectText(found.id)} is applied by no Kustomization; give it one`;
    const stopped = stoppedAmong([owner], repository);
    if (stopped !== undefined) return stopped;
    const spec = valueAt(found.composed.value, ['spec', 'provider', provider]);
    const vault = nonEmpty(valueAt(spec, ['vault'])) ?? Object.keys(fieldsOf(valueAt(spec, ['vaults'])))[0];
    const isApart = owner !== operatorOwner && owner.build?.kustomization !== undefined;
    return {
      ...base,
      name: found.id.name,
      provider,
      vault: vault ?? parameters.vault,
      apiVersion: `${found.id.group}/${found.id.version}`,
      owner,
      folder: isApart ? owner.build?.directory : undefined,
      parent: undefined,
    };
  }
  if (stores.length > 1)
    return `there are several stores (${stores.map(({ id }) => id.name).join(', ')}); name one with the parameter store`;
  const parent = listingOf(operatorOwner.object.composed.root.document.file.path, repository);
  if (!parent)
    return `no kustomization.yaml lists ${operatorOwner.object.composed.root.document.file.path}, so that nothing says where a store would go; write the ClusterSecretStore and its Kustomization by hand`;
  const provider = parameters.provider ?? (backend ? 'onepassword' : 'onepasswordSDK');
  const stopped = stoppedAmong(bringersOf({ ...base, provider }), repository);
  if (stopped !== undefined) return stopped;
  return {
    ...base,
    name: parameters.store,
    provider,
    vault: parameters.vault,
    apiVersion: isInRange({ before: '0.16' }, operator.chart?.version)
      ? 'external-secrets.io/v1beta1'
      : 'external-secrets.io/v1',
    owner: undefined,
    folder: `${newFolder(parent, parameters)}/app`,
    parent,
  };
}

/** What a store needs before it answers: the operator, and Connect where it is read through that. */
export function bringersOf({
  operatorOwner,
  backend,
  provider,
}: Pick<Store, 'operatorOwner' | 'backend' | 'provider'>): readonly FluxKustomization[] {
  const backendOwner = provider === 'onepassword' ? backend?.object.owner : undefined;
  return [...new Set([operatorOwner, ...(backendOwner?.kind === 'kustomization' ? [backendOwner] : [])])];
}

/** Of a new Kustomization that brings a store. */
export function newFolder({ directory }: KustomizationFile, { kustomization }: Parameters): string {
  return directory === '' ? kustomization : `${directory}/${kustomization}`;
}

function isOfThisCluster({ object }: HelmRelease): boolean {
  return !sentAwayBy(object.owner) && valueAt(object.composed.value, ['spec', 'kubeConfig']) === undefined;
}

/** Whatever takes a Secret from the store would wait for these. */
function stoppedAmong(owners: readonly FluxKustomization[], { flux }: Repository): string | undefined {
  const waits = new Waits(flux);
  for (const owner of owners) {
    const why = whyStopped(flux, waits, owner);
    if (why !== undefined)
      return `${objectText(owner.id)} ${why}, and what waits for the store with it; resume that first`;
  }
  return undefined;
}

function providerOf(store: unknown): Provider | undefined {
  const provider = fieldsOf(valueAt(store, ['spec', 'provider']));
  return (['onepassword', 'onepasswordSDK'] as const).find((name) => provider[name] !== undefined);
}

function listingOf(file: string, { kustomize }: Repository): KustomizationFile | undefined {
  const listings = [...kustomize.kustomizations.values()].filter(({ directory, resources }) =>
    resources.some(({ text }) => joinPath(directory, text) === file),
  );
  return listings.find(({ directory }) => directory !== folderOf(file)) ?? listings[0];
}
