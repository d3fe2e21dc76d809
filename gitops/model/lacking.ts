/** What is needed and not produced, each once however many need it. */
import { valueAt } from '../manifests/fields.js';
import { objectText } from '../manifests/object-id.js';
import { isSubstituteFrom, isValuesFrom } from './flux-consumers.js';
import type { Consumer, Target, TargetKind } from '../references/reference.js';
import type { Repository } from './repository.js';

export interface Lack {
  /** `Secret storage/velero-credentials`; of a component that many namespaces include, with how many. */
  readonly subject: string;
  /** Several where the same lines ask for it in several namespaces. */
  readonly targets: readonly Target[];
  /** In the order of the tree; at least one. */
  readonly consumers: readonly Consumer[];
  /** It exists, under a name with a hash that is not known there. */
  readonly hashed: boolean;
}

/** Silent of what is optional, of what the files cannot tell, and of what Flux itself reads, which has rules of its own. */
export function lacking({ references }: Repository, isKind: (kind: TargetKind) => boolean): readonly Lack[] {
  const byTarget = new Map<string, { target: Target; consumers: Consumer[]; hashed: boolean }>();
  for (const consumer of references.consumers) {
    const { target, isOptional } = consumer;
    if (isOptional || !isKind(target.kind) || isOwn(consumer)) continue;
    if (isSubstituteFrom(consumer) || isValuesFrom(consumer)) continue;
    const { status } = references.resolve(consumer);
    if (status !== 'missing' && status !== 'hashed') continue;
    const key = [target.kind, target.namespace, target.name, status].join('\n');
    const lack = byTarget.get(key) ?? { target, consumers: [], hashed: status === 'hashed' };
    lack.consumers.push(consumer);
    byTarget.set(key, lack);
  }
  const byPlaces = new Map<string, { targets: Target[]; consumers: Consumer[]; hashed: boolean }>();
  for (const { target, consumers, hashed } of byTarget.values()) {
    const once = onePerPlace(consumers);
    const key = [target.kind, target.name, ...once.map(placeText)].join('\n');
    const lack = byPlaces.get(key);
    if (lack) lack.targets.push(target);
    else byPlaces.set(key, { targets: [target], consumers: [...once], hashed });
  }
  return [...byPlaces.values()].map((lack) => ({ ...lack, subject: subjectOf(lack.targets) }));
}

/** What a chart makes itself is called after its release; `existing…` says that it does not make it. */
function isOwn({ target, certainty, release, path }: Consumer): boolean {
  const key = String(path.at(-1));
  if (certainty !== 'guess' || !release || key.startsWith('existing')) return false;
  // A Secret by a key that only says its name may be made under that name; a reference says that it is there.
  const mayMake =
    target.kind === 'Secret' ? /secretName$/i.test(key) : ['PersistentVolumeClaim', 'ConfigMap'].includes(target.kind);
  return mayMake && (target.name === release.releaseName || target.name.startsWith(`${release.releaseName}-`));
}

/** Exact ones first, since they make it an error. */
function onePerPlace(consumers: readonly Consumer[]): readonly Consumer[] {
  const places = new Map<string, Consumer>();
  for (const consumer of consumers.toSorted(
    (a, b) => Number(a.certainty === 'guess') - Number(b.certainty === 'guess'),
  ))
    if (!places.has(placeText(consumer))) places.set(placeText(consumer), consumer);
  return [...places.values()];
}

function placeText({ origin }: Consumer): string {
  const { file, line, column } = origin.place;
  return `${file}:${line}:${column}`;
}

function subjectOf(targets: readonly Target[]): string {
  const [first] = targets;
  return targets.length > 1 ? `${first!.kind} ${first!.name} (in ${targets.length} namespaces)` : objectText(first!);
}

/**
 * Whether only roots of trust need it, which somebody puts in by hand: the key that decrypts, the repository's own
 * deploy key, and what a secret store opens its vault with.
 */
export function isRoot({ consumers, targets }: Lack, { flux, references }: Repository): boolean {
  const [{ name }] = targets as readonly [Target];
  // One that is made in other namespaces is meant to be made in this one, too.
  const isMade = references.producers.some(({ target }) => target.kind === 'Secret' && target.name === name);
  if (isMade && !targets.every(({ namespace }) => namespace === 'flux-system')) return false;
  const own = new Set(
    flux.kustomizations.flatMap(({ source }) => (source.status === 'this-repository' ? [source.source?.object] : [])),
  );
  return consumers.every(
    ({ object, path, release }) =>
      path.includes('decryption') ||
      own.has(object) ||
      /^(?:Cluster)?SecretStore$/.test(object.id.kind) ||
      (release?.chart?.name === 'connect' && path.includes('credentialsName')),
  );
}

/** Whether some API says that it is needed, and no guess from a chart's values. */
export function isAlsoExact({ consumers }: Lack): boolean {
  return consumers.some(({ certainty }) => certainty === 'exact');
}

/** `is named by spec.values.… of HelmRelease storage/velero and 2 others`. */
export function lackText({ consumers }: Lack): string {
  const [{ path, object, release }] = consumers as readonly [Consumer];
  const byDefault = release && valueAt(release.values.value, path) === undefined ? 'the default of ' : '';
  const where = `${byDefault}${release ? 'values.' : ''}${path.join('.')} of ${objectText((release ?? object).id)}`;
  const others = consumers.length - 1;
  return `is named by ${where}${others > 0 ? ` and ${others} other${others > 1 ? 's' : ''}` : ''}`;
}
