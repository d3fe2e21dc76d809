/** One object with two owners: they overwrite each other, or the second never gets it. */
import { rookCephClusterObjects } from '../charts/rook-ceph-cluster.js';
import type { AppliedObject } from '../flux/flux-kustomization.js';
import type { HelmRelease } from '../flux/helm-release.js';
import { differencesOf } from '../manifests/differences.js';
import { valueAt } from '../manifests/fields.js';
import { groupBy } from '../manifests/group-by.js';
import { isKnown, keyText, objectText } from '../manifests/object-id.js';
import type { Origin } from '../manifests/origin.js';
import type { FindingDraft, RelatedPlace } from '../lint/finding.js';
import type { Rule } from '../lint/rule.js';
import { listed } from '../lint/wording.js';
import { applierText, meet } from '../model/applier-text.js';
import type { Repository } from '../model/repository.js';
import type { Producer } from '../references/reference.js';

export const twoOwners: Rule = {
  id: 'two-owners',
  severity: 'error',
  summary: 'One object has two owners.',
  layer: 'reference graph',
  *check(repository) {
    yield* appliedTwice(repository);
    yield* madeTwice(repository);
    yield* renderedToo(repository);
    yield* installedTwice(repository);
  },
};

/** By Kustomizations; twice in one of them is a build that fails. */
function* appliedTwice({ ownership }: Repository): Iterable<FindingDraft> {
  for (const applications of ownership.shared) {
    const [first, ...others] = sortedBy(onePerOwner(applications), ({ owner }) => applierText(owner));
    if (!first || others.length === 0 || !isKnown(first.id.name) || !isKnown(first.id.namespace)) continue;
    const together = others.filter((other) => meet(first.owner, other.owner));
    if (together.length === 0) continue;
    yield {
      at: first.composed.root.place,
      subject: objectText(first.id),
      message: `is applied by ${listed([first, ...together].map(({ owner }) => applierText(owner)))}, ${compared(first, together)}; keep it in one of them`,
      key: 'applied twice',
      related: together.map((other) => alsoBy(other, applierText(other.owner))),
    };
  }
}

function onePerOwner(applications: readonly AppliedObject[]): readonly AppliedObject[] {
  return [...new Map(applications.map((one) => [one.owner, one])).values()];
}

function sortedBy<Item>(items: readonly Item[], textOf: (item: Item) => string): readonly Item[] {
  return items.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : Number(textOf(a) > textOf(b))));
}

function compared(first: AppliedObject, others: readonly AppliedObject[]): string {
  const paths = others.flatMap(({ composed }) =>
    differencesOf(first.composed.value, composed.value)
      .map(({ path }) => path.join('.'))
      .filter((path) => !path.startsWith('metadata.labels.') && !path.startsWith('metadata.annotations.')),
  );
  return paths.length > 0
    ? `which differ in ${listed([...new Set(paths)])} and overwrite each other for ever`
    : 'and the first that gives it up deletes it from the cluster, although the other still declares it';
}

function alsoBy({ composed }: AppliedObject, owner: string): RelatedPlace {
  return { ...composed.root.place, message: `is applied by ${owner} too` };
}

/** Secrets that two ExternalSecrets want to own, or an ExternalSecret and a manifest. */
function* madeTwice({ references }: Repository): Iterable<FindingDraft> {
  const owned = references.producers.filter(
    (producer) =>
      producer.target.kind === 'Secret' &&
      !producer.hasHash &&
      isKnown(producer.target.namespace) &&
      isKnown(producer.target.name) &&
      wantsToOwn(producer),
  );
  const bySecret = groupBy(owned, ({ target: { namespace, name } }) => `${namespace}/${name}`);
  for (const [secret, producers] of bySecret) {
    const makers = onePerObject(producers);
    // Whatever is called as the Secret is what one looks for first; the other one is the surprise.
    const [first, ...others] = sortedBy(
      makers,
      ({ id }) => `${id.name === producers[0]?.target.name ? 'z' : 'a'} ${objectText(id)}`,
    );
    if (!first || others.length === 0 || producers.every(({ form }) => form !== 'external-secret')) continue;
    if (!others.some((other) => meet(first.owner, other.owner))) continue;
    const isMixed = producers.some(({ form }) => form !== 'external-secret');
    yield {
      at: first.composed.root.place,
      subject: `Secret ${secret}`,
      message: `is made by ${listed([first, ...others].map(({ id }) => objectText(id)))}, ${isMixed ? 'which overwrite each other' : 'each with creationPolicy Owner: only one can own it, and the others never become ready'}; ${remedy(isMixed)}`,
      key: 'made twice',
      related: others.map(({ composed, id }) => ({
        ...composed.root.place,
        message: `${objectText(id)} makes it too`,
      })),
    };
  }
}

function remedy(isMixed: boolean): string {
  return isMixed
    ? 'remove one of them, or, while it is handed over, annotate the old one with kustomize.toolkit.fluxcd.io/prune: disabled'
    : 'remove the others, give them a target of their own, or let them add to it with creationPolicy Merge';
}

const ownForms = new Set(['manifest', 'encrypted', 'generator']);

function wantsToOwn({ form, object }: Producer): boolean {
  if (!object) return false;
  if (form === 'external-secret')
    return (valueAt(object.composed.value, ['spec', 'target', 'creationPolicy']) ?? 'Owner') === 'Owner';
  return ownForms.has(form) && !isHandedOver(object);
}

/** Whoever wants to give an object up without losing it says so first. */
function isHandedOver({ composed }: AppliedObject): boolean {
  const annotation = (name: string): unknown =>
    valueAt(composed.value, ['metadata', 'annotations', `kustomize.toolkit.fluxcd.io/${name}`]);
  return (
    annotation('prune') === 'disabled' || annotation('reconcile') === 'disabled' || annotation('ssa') === 'IfNotPresent'
  );
}

/** An ExternalSecret that two Kustomizations apply is one, and has a finding of its own. */
function onePerObject(producers: readonly Producer[]): readonly AppliedObject[] {
  return [
    ...new Map(producers.flatMap(({ object }) => (object ? [[keyText(object.id), object] as const] : []))).values(),
  ];
}

/** By a manifest and, with the values that it has, by a chart: for charts whose objects are known. */
function* renderedToo({ flux, ownership }: Repository): Iterable<FindingDraft> {
  for (const release of flux.helmReleases) {
    if (release.chart?.name !== 'rook-ceph-cluster') continue;
    if (release.valuesSources.some(({ status }) => status === 'opaque')) continue;
    for (const { key, path, from } of rookCephClusterObjects(release.targetNamespace, release.values.value)) {
      const [applied] = ownership.of(key);
      if (!applied || !meet(applied.owner, release.object.owner)) continue;
      const why = path ? `values.${path.join('.')}` : `the chart's default of ${from}, which the values do not mention`;
      const instead =
        key.kind === 'CephCluster'
          ? 'remove the manifest'
          : `remove the manifest, or set values.${from} to what the chart is to make ([] for nothing)`;
      yield {
        at: applied.composed.root.place,
        subject: objectText(applied.id),
        message: `is applied by ${applierText(applied.owner)} and rendered by ${objectText(release.id)} too, from ${why}; Helm does not take over an object that it did not make, and the release fails: ${instead}`,
        key: 'rendered too',
        related: [
          {
            ...(path ? release.values.origin(path) : release.object.composed.root).place,
            message: `${objectText(release.id)} renders it`,
          },
        ],
      };
    }
  }
}

/** One release of Helm, by its name and namespace, with two HelmReleases; one that is suspended does nothing to it. */
function* installedTwice({ flux }: Repository): Iterable<FindingDraft> {
  const named = flux.helmReleases.filter(
    ({ spec, releaseName, targetNamespace, id }) =>
      spec.suspend !== true && [releaseName, targetNamespace, id.name].every(isKnown),
  );
  for (const releases of groupBy(named, ({ releaseName }) => releaseName).values()) {
    const [first, ...rest] = sortedBy(releases, ({ id }) => objectText(id));
    const others = rest.filter((other) => first && isSameRelease(first, other));
    if (!first || others.length === 0) continue;
    yield {
      at: nameOrigin(first).place,
      subject: objectText(first.id),
      message: `is the Helm release ${first.releaseName} in ${first.targetNamespace}, and so ${others.length === 1 ? 'is' : 'are'} ${listed(others.map(({ id }) => objectText(id)))}: each puts its own chart and values over the other's for ever, and the first that goes uninstalls it; give each a releaseName of its own, or keep one of them`,
      key: 'installed twice',
      related: others.map((other) => ({
        ...nameOrigin(other).place,
        message: `${objectText(other.id)} is the same Helm release`,
      })),
    };
  }
}

/** Helm keeps its record in the one namespace and knows its objects by the other. */
function isSameRelease(one: HelmRelease, other: HelmRelease): boolean {
  const storageOf = ({ spec, id }: HelmRelease): string => spec.storageNamespace ?? id.namespace;
  const clusterOf = ({ object }: HelmRelease): string =>
    JSON.stringify(valueAt(object.composed.value, ['spec', 'kubeConfig'])) ?? '';
  return (
    keyText(one.id) !== keyText(other.id) &&
    (one.targetNamespace === other.targetNamespace || storageOf(one) === storageOf(other)) &&
    clusterOf(one) === clusterOf(other) &&
    meet(one.object.owner, other.object.owner)
  );
}

function nameOrigin({ spec, object: { composed } }: HelmRelease): Origin {
  return spec.releaseName === undefined ? composed.root : composed.origin(['spec', 'releaseName']);
}
