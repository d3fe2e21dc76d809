/** Takes accepted findings from the others, and reports acceptances that are malformed, expired or of no use. */
import { acceptComments } from './accept-comments.js';
import { readAcceptFile } from './accept-file.js';
import { type Acceptance, type AcceptanceReading, isExpired } from './acceptance.js';
import { type Finding, findingOf, inOrder } from './finding.js';
import { nearest } from './nearest.js';
import { acceptExpired, acceptMalformed, acceptUnused } from './own-rules.js';
import type { Repository } from '../model/repository.js';

export interface AcceptedFinding {
  readonly finding: Finding;
  readonly by: Acceptance;
}

export interface Verdict {
  /** In order. */
  readonly findings: readonly Finding[];
  readonly accepted: readonly AcceptedFinding[];
}

export interface AcceptOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Every rule that there is: an acceptance of another is malformed. */
  readonly knownRules: ReadonlySet<string>;
  /** The rules that judged all they could here: only of these an acceptance can be said to accept nothing. */
  readonly ranRules: ReadonlySet<string>;
}

export function accept(found: readonly Finding[], repository: Repository, options: AcceptOptions): Verdict {
  const { acceptances, malformed } = withKnownRules(readAcceptances(repository), options.knownRules);
  const valid = acceptances.filter((acceptance) => !isExpired(acceptance, options.now));
  const used = new Set<Acceptance>();
  const accepted: AcceptedFinding[] = [];
  const findings = malformed;
  for (const finding of inOrder(found)) {
    const by = valid.find(({ rule, covers }) => rule === finding.rule && covers(finding));
    if (by) accepted.push({ finding, by });
    else findings.push(finding);
    // A second one that covers the same finding is not of no use: it may be meant for when the first is gone.
    for (const one of valid) if (one.rule === finding.rule && one.covers(finding)) used.add(one);
  }
  for (const acceptance of acceptances) {
    if (isExpired(acceptance, options.now)) findings.push(expired(acceptance));
    else if (!used.has(acceptance) && options.ranRules.has(acceptance.rule)) findings.push(unused(acceptance));
  }
  return { findings: inOrder(findings), accepted };
}

function readAcceptances({ tree, files }: Repository): AcceptanceReading {
  const readings = [readAcceptFile(tree), ...files.map(acceptComments)];
  return {
    acceptances: readings.flatMap(({ acceptances }) => acceptances),
    malformed: readings.flatMap(({ malformed }) => malformed),
  };
}

function withKnownRules(
  { acceptances, malformed }: AcceptanceReading,
  knownRules: ReadonlySet<string>,
): { readonly acceptances: readonly Acceptance[]; readonly malformed: Finding[] } {
  const unknown = acceptances.filter(({ rule }) => !knownRules.has(rule));
  return {
    acceptances: acceptances.filter(({ rule }) => knownRules.has(rule)),
    malformed: [
      ...malformed,
      ...unknown.map(({ rule, at }) => {
        const near = nearest(rule, knownRules);
        const hint = near === undefined ? 'name the rule as its finding does' : `did you mean ${near}?`;
        return { at, subject: at.file, message: `accepts nothing: there is no rule ${rule}; ${hint}`, key: rule };
      }),
    ].map((draft) => findingOf(acceptMalformed, draft)),
  };
}

function expired({ rule, until, reason, at }: Acceptance): Finding {
  return findingOf(acceptExpired, {
    at,
    subject: `acceptance of ${rule}`,
    message: `ended with ${until} (${reason}); mend what it accepts, or give it a new day and say why`,
    key: `${at.file} ${reason}`,
  });
}

function unused({ rule, reason, at }: Acceptance): Finding {
  return findingOf(acceptUnused, {
    at,
    subject: `acceptance of ${rule}`,
    message: `accepts nothing (${reason}): ${rule} finds nothing there; remove it`,
    key: `${at.file} ${reason}`,
  });
}
