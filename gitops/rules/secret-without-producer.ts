/** A Secret that is needed and that nothing makes: pods wait for it for ever, or Flux does not go on without it. */
import type { FindingDraft } from '../lint/finding.js';
import { probablyMeant } from '../lint/probably-meant.js';
import type { Rule } from '../lint/rule.js';
import { type Bootstrap, readBootstrap } from '../model/bootstrap.js';
import { isAlsoExact, isRoot, type Lack, lacking, lackText } from '../model/lacking.js';
import type { Repository } from '../model/repository.js';

export const secretWithoutProducer: Rule = {
  id: 'secret-without-producer',
  severity: 'error',
  summary: 'A Secret is needed and nothing in the tree makes it.',
  layer: 'reference graph',
  *check(repository) {
    const bootstrap = readBootstrap(repository);
    for (const lack of lacking(repository, (kind) => kind === 'Secret'))
      if (!isBootstrapped(lack, bootstrap)) yield finding(lack, repository, bootstrap);
  },
};

function isBootstrapped({ targets }: Lack, { secrets }: Bootstrap): boolean {
  return targets.every(({ namespace, name }) => secrets.has(`${namespace}/${name}`));
}

function finding(lack: Lack, repository: Repository, { hiddenTemplate, hiddenScript }: Bootstrap): FindingDraft {
  const hidden = hiddenTemplate ?? hiddenScript;
  const [target] = lack.targets;
  const remedy = isRoot(lack, repository)
    ? 'no file makes it: it is what secrets are opened with, so somebody puts it in by hand; write down how, and accept this with that reason (or keep it in a SOPS file, where SOPS has a key of its own)'
    : `no Secret, SOPS file, ExternalSecret target, operator or chart makes it${hint(target!, repository)}; let one make it, or, where it is made by hand, accept this with that reason`;
  return {
    at: lack.consumers[0]!.origin.place,
    subject: lack.subject,
    message: `${lackText(lack)}; ${lack.hashed ? hashedRemedy : remedy}${hidden === undefined ? '' : `; this is so unless ${hidden}, which is not here, makes it when a cluster is made`}`,
    key: 'missing',
    ...severityOf(lack, repository, hidden),
    related: lack.consumers.slice(1, 6).map(({ origin }) => ({ ...origin.place, message: 'is needed here too' })),
  };
}

function severityOf(lack: Lack, repository: Repository, hidden: string | undefined): Pick<FindingDraft, 'severity'> {
  if (isRoot(lack, repository)) return { severity: 'info' };
  return isAlsoExact(lack) && hidden === undefined ? {} : { severity: 'warning' };
}

const hashedRemedy =
  'a generator makes it under a name with a hash, which this field is not given; set disableNameSuffixHash: true for the generator';

/** The same name elsewhere, or one that is nearly spelt so in the same namespace. */
function hint(target: { readonly namespace: string; readonly name: string }, { references }: Repository): string {
  const secrets = references.producers.flatMap((producer) =>
    producer.target.kind === 'Secret' ? [producer.target] : [],
  );
  const [meant] = probablyMeant(target, secrets).filter(
    ({ namespace, name }) => namespace === target.namespace || name === target.name,
  );
  return meant ? ` (there is ${meant.namespace}/${meant.name})` : '';
}
