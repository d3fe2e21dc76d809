/** A HelmRelease takes values from a ConfigMap or Secret, or from a key of it, that nothing makes: it is never installed. */
import type { HelmRelease, ValuesSource } from '../flux/helm-release.js';
import type { FindingDraft } from '../lint/finding.js';
import { didYouMean, namespaced, probablyMeant } from '../lint/probably-meant.js';
import type { Rule } from '../lint/rule.js';
import { listed } from '../lint/wording.js';
import { fieldOf, fieldsOf } from '../manifests/fields.js';
import { isKnown, objectText } from '../manifests/object-id.js';
import { readBootstrap } from '../model/bootstrap.js';
import { isValuesFrom } from '../model/flux-consumers.js';
import type { Repository } from '../model/repository.js';

export const missingValuesFile: Rule = {
  id: 'missing-values-file',
  severity: 'error',
  summary: 'A HelmRelease takes values from a ConfigMap, Secret or key that is not there.',
  layer: 'reference graph',
  *check(repository) {
    for (const release of repository.flux.helmReleases)
      for (const source of release.valuesSources) {
        const lack = source.optional ? undefined : lackOf(release, source, repository);
        if (lack) yield finding(release, source, lack);
      }
  },
};

/** How the sentence goes on: `which nothing makes in namespace …`. */
interface Lack extends Pick<FindingDraft, 'severity'> {
  readonly text: string;
}

function finding({ id }: HelmRelease, source: ValuesSource, { text, ...rest }: Lack): FindingDraft {
  const { origin, kind, name, valuesKey } = source;
  return {
    at: origin.place,
    subject: objectText(id),
    message: `takes values from ${kind} ${name}, ${text}`,
    key: `${kind} ${name} ${valuesKey}`,
    ...rest,
  };
}

/** Undefined where it is there, and where the files cannot tell. */
function lackOf(release: HelmRelease, source: ValuesSource, repository: Repository): Lack | undefined {
  const { status, name, valuesKey, producer, file } = source;
  switch (status) {
    case 'read':
    case 'opaque':
      return undefined;
    case 'unparsable':
      return { text: `whose ${valuesKey} is no YAML${file ? ` (${file.path})` : ''}; correct it` };
    case 'hashed':
      if (producer?.owner !== release.object.owner)
        return {
          text: 'which another Kustomization generates under a name with a hash; set disableNameSuffixHash: true for the generator, or generate it beside the release',
        };
      return {
        text: 'which a generator makes under a name with a hash, and kustomize is not told to put that name here; list a file with nameReference in configurations, or set disableNameSuffixHash: true',
      };
    case 'missing':
      if (producer) return { text: withoutKey(valuesKey, producer.composed.value) };
      return isKnown(name) ? withoutProducer(release, source, repository) : undefined;
  }
}

function withoutKey(key: string, object: unknown): string {
  const keys = Object.keys({ ...fieldsOf(fieldOf(object, 'data')), ...fieldsOf(fieldOf(object, 'stringData')) });
  return `which has no key ${key}${keys.length > 0 ? `, only ${listed(keys)}` : ''}; name the key in valuesKey`;
}

function withoutProducer({ object, id }: HelmRelease, source: ValuesSource, repository: Repository): Lack | undefined {
  const { references } = repository;
  const target = { kind: source.kind, namespace: id.namespace, name: source.name };
  const consumer = references.consumersOf(target).find((one) => isValuesFrom(one) && one.object === object);
  if (consumer && references.resolve(consumer).status !== 'missing') return undefined;
  const { secrets, hiddenTemplate } = readBootstrap(repository);
  if (target.kind === 'Secret' && secrets.has(namespaced(target))) return undefined;
  const known = references.producers.map((producer) => producer.target).filter(({ kind }) => kind === target.kind);
  const meant = didYouMean(target, probablyMeant(target, known));
  const text = `which nothing makes in namespace ${id.namespace}, so that the chart is never installed; make it there, or say optional: true${meant}`;
  return target.kind === 'Secret' && hiddenTemplate !== undefined
    ? {
        text: `${text}; this is so unless ${hiddenTemplate}, which is not here, makes it when a cluster is made`,
        severity: 'warning',
      }
    : { text };
}
