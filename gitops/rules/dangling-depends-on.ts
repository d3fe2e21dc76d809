/** A dependsOn that names nothing: Flux says `dependency not found` and never goes on. */
import type { FluxKustomization } from '../flux/flux-kustomization.js';
import type { HelmRelease } from '../flux/helm-release.js';
import type { DependencyReference } from '../flux/kustomization-spec.js';
import type { FindingDraft, Fix } from '../lint/finding.js';
import { didYouMean, type Named, namespaced, probablyMeant } from '../lint/probably-meant.js';
import type { Rule } from '../lint/rule.js';
import { isKnown, objectText, type ObjectId } from '../manifests/object-id.js';
import type { Manifest } from '../manifests/manifest.js';
import type { Origin } from '../manifests/origin.js';
import { installsFlux } from '../model/declared-flux.js';
import type { Repository } from '../model/repository.js';

type Dependent = FluxKustomization | HelmRelease;

export const danglingDependsOn: Rule = {
  id: 'dangling-depends-on',
  severity: 'error',
  summary: 'A dependsOn names a Kustomization or HelmRelease that is not there.',
  layer: 'reference graph',
  *check(repository) {
    for (const { finding } of danglingDependencies(repository)) yield finding;
  },
};

export interface DanglingDependency {
  readonly finding: FindingDraft;
  readonly dependent: ObjectId;
  /** Where the finding's fix leads it. */
  readonly meant: ObjectId | undefined;
}

export function* danglingDependencies(repository: Repository): Generator<DanglingDependency> {
  const { flux } = repository;
  // What a FluxInstance syncs becomes a Kustomization that stands in no file.
  const syncs = flux.entryPoints
    .filter(({ kind }) => kind === 'sync')
    .map(({ id }) => ({ ...id, id, object: undefined }));
  yield* danglingAmong(flux.kustomizations, [...flux.kustomizations.map(knownAs), ...syncs], repository);
  yield* danglingAmong(flux.helmReleases, flux.helmReleases.map(knownAs), repository);
}

interface Known extends Named {
  readonly id: ObjectId;
  readonly object: Dependent['object'] | undefined;
}

function knownAs({ id, object }: Dependent): Known {
  return { ...id, id, object };
}

function* danglingAmong(
  dependents: readonly Dependent[],
  known: readonly Known[],
  repository: Repository,
): Generator<DanglingDependency> {
  const there = new Set(known.map(namespaced));
  for (const dependent of dependents)
    for (const dependency of dependent.spec.dependsOn) {
      const wanted = { name: dependency.name, namespace: dependency.namespace ?? dependent.id.namespace };
      if (!isKnown(wanted.name) || !isKnown(wanted.namespace) || there.has(namespaced(wanted))) continue;
      if (!isUnknown(dependent, wanted, repository)) yield dangling(dependent, dependency, wanted, known, repository);
    }
}

function dangling(
  dependent: Dependent,
  { namespace, index }: DependencyReference,
  wanted: Named,
  known: readonly Known[],
  { manifests, flux }: Repository,
): DanglingDependency {
  const { id, object } = dependent;
  const origin = object.composed.origin(['spec', 'dependsOn', index]);
  const own = ancestorsOf(dependent);
  const meant = probablyMeant(
    wanted,
    known.filter((one) => !own.has(one.id)),
  );
  const isElsewhere = meant[0]?.name === wanted.name;
  const omitted =
    namespace === undefined && isElsewhere ? '; an omitted namespace means the namespace of the dependent' : '';
  const unapplied = isElsewhere ? undefined : manifests.find((one) => isNamed(one, id, wanted.name));
  const hint = unapplied
    ? `; ${unapplied.file.path} has one of that name, but nothing applies it`
    : didYouMean(wanted, meant) || '; add it, or take the dependency away';
  const elsewhere = isElsewhere || unapplied ? undefined : flux.kustomizations.find(isOfAnotherRepository);
  const fix = isElsewhere && meant.length === 1 ? fixOf(origin, meant[0]!.namespace) : undefined;
  const finding: FindingDraft = {
    at: origin.place,
    subject: objectText(id),
    message: `depends on ${namespaced(wanted)}, which no ${id.kind} provides${omitted}${hint}${elsewhere ? `; unless ${objectText(elsewhere.id)} brings it, whose files are in another repository` : ''}`,
    key: namespaced(wanted),
    ...(elsewhere && { severity: 'warning' }),
    ...(isElsewhere && { related: meant.flatMap(whereItIs) }),
    ...fix,
  };
  return { finding, dependent: id, meant: fix && meant[0]!.id };
}

/** Such as in a file that does not parse, which has findings of its own. */
function isUnknown({ id, object }: Dependent, { namespace, name }: Named, { references }: Repository): boolean {
  const kind = id.kind === 'HelmRelease' ? 'HelmRelease' : 'Kustomization';
  const consumer = references.consumersOf({ kind, namespace, name }).find((one) => one.object === object);
  return consumer !== undefined && references.resolve(consumer).status === 'unknown';
}

/** It may apply Kustomizations and HelmReleases that nobody sees here; the install manifests of Flux have none. */
function isOfAnotherRepository({ directory, source }: FluxKustomization): boolean {
  return directory.status === 'unknown' && !installsFlux.test(source.source?.url ?? '');
}

function isNamed(manifest: Manifest, { group, kind }: ObjectId, name: string): boolean {
  return manifest.id.group === group && manifest.id.kind === kind && manifest.id.name === name;
}

/** Whatever applies it: it could not wait for that. */
function ancestorsOf(dependent: Dependent): ReadonlySet<ObjectId> {
  const ancestors = new Set<ObjectId>([dependent.id]);
  let { owner } = dependent.object;
  while (owner.kind === 'kustomization' && !ancestors.has(owner.id)) {
    ancestors.add(owner.id);
    owner = owner.object.owner;
  }
  return ancestors.add(owner.id);
}

/** What its file says is what misled: the `namespace` of a kustomization.yaml wins over it. */
function whereItIs({ namespace, object }: Known): NonNullable<FindingDraft['related']> {
  if (!object) return [];
  const written = object.manifest?.id.namespace ?? '';
  const { place } = object.composed.origin(['metadata', 'namespace']);
  const overridden =
    written !== '' && written !== namespace ? `; metadata.namespace ${written} is overridden here` : '';
  return [{ ...place, message: `is in namespace ${namespace}${overridden}` }];
}

function fixOf(origin: Origin, namespace: string): { readonly fix: Fix } | undefined {
  if (origin.isEmbedded) return undefined;
  const { document, pathInFile } = origin;
  return {
    fix: {
      summary: `set namespace: ${namespace}`,
      edits: {
        [document.file.path]: [
          {
            op: 'set',
            document: document.index,
            path: [...pathInFile, 'namespace'],
            value: namespace,
            at: { after: 'name' },
          },
        ],
      },
    },
  };
}
