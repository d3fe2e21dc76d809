/** A class, store, issuer, claim or ConfigMap that is named and that nothing provides. */
import type { FindingDraft } from '../lint/finding.js';
import { nearest } from '../lint/nearest.js';
import type { Rule } from '../lint/rule.js';
import { isAlsoExact, type Lack, lacking, lackText } from '../model/lacking.js';
import type { Repository } from '../model/repository.js';
import type { References, Target, TargetKind } from '../references/reference.js';

export const objectWithoutProducer: Rule = {
  id: 'object-without-producer',
  severity: 'error',
  summary: 'An object is named and nothing in the tree provides it.',
  layer: 'reference graph',
  *check(repository) {
    for (const lack of lacking(repository, (kind) => waits.has(kind))) yield finding(lack, repository);
  },
};

/** What comes of it. */
const waits: ReadonlyMap<TargetKind, string> = new Map([
  ['ConfigMap', 'the pods that read it do not start'],
  ['PersistentVolumeClaim', 'the pods that mount it stay pending'],
  ['StorageClass', 'no volume of it is ever made'],
  ['VolumeSnapshotClass', 'no snapshot of it is ever made'],
  ['SecretStore', 'no Secret is made from it'],
  ['ClusterSecretStore', 'no Secret is made from it'],
  ['Issuer', 'no certificate is issued'],
  ['ClusterIssuer', 'no certificate is issued'],
]);

function finding(lack: Lack, { references }: Repository): FindingDraft {
  const [target] = lack.targets;
  const { kind } = target!;
  return {
    at: lack.consumers[0]!.origin.place,
    subject: lack.subject,
    message: `${lackText(lack)}, and ${lack.hashed ? hashed : `no manifest or chart of the tree provides it${hint(target!, references)}`}: ${waits.get(kind)}; ${lack.hashed ? 'set disableNameSuffixHash: true for the generator' : 'provide it, or name one that is there'}`,
    key: 'missing',
    ...(!isAlsoExact(lack) && { severity: 'warning' as const }),
    related: lack.consumers.slice(1, 6).map(({ origin }) => ({ ...origin.place, message: 'is named here too' })),
  };
}

/** One that is nearly called so, else all of that kind where they are few. */
function hint({ kind, namespace, name }: Target, { producers }: References): string {
  const others = producers.flatMap(({ target }) =>
    target.kind === kind && target.namespace === namespace ? [target.name] : [],
  );
  const meant = nearest(name, others);
  if (meant !== undefined) return `; did you mean ${meant}`;
  const known = [...new Set(others)].sort();
  return known.length > 0 && known.length < 5 ? ` (there is ${known.join(', ')})` : '';
}

const hashed = 'a generator makes it only under a name with a hash, which this field is not given';
