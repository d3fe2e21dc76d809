/** Runs rules: none can end the run, whatever it throws. */
import { type Finding, type FindingDraft, findingOf } from './finding.js';
import { ruleFailed } from './own-rules.js';
import { placeOfFile } from './place.js';
import type { Repository } from '../model/repository.js';
import type { ChangeRule, Rule, RuleDescription } from './rule.js';

/** In every cluster; what is said of what they have in common is said of each, and told once by `inOrder`. */
export function runRules(rules: readonly Rule[], repository: Repository): readonly Finding[] {
  return rules.flatMap((rule) => repository.clusters.flatMap((cluster) => collect(rule, () => rule.check(cluster))));
}

export function runChangeRules(
  rules: readonly ChangeRule[],
  before: Repository,
  after: Repository,
): readonly Finding[] {
  const pairs = pairsOf(before, after);
  return rules.flatMap((rule) => pairs.flatMap(([old, now]) => collect(rule, () => rule.checkChange(old, now))));
}

/** Clusters are the same where their roots are written; of one that is new there is nothing to compare. */
function pairsOf(before: Repository, after: Repository): readonly (readonly [Repository, Repository])[] {
  const rootOf = ({ flux }: Repository): string | undefined => flux.roots[0]?.object.composed.root.document.file.path;
  const others = after.clusters.slice(1).flatMap((now) => {
    const old = before.clusters.find((one) => rootOf(one) === rootOf(now));
    return old ? [[old, now] as const] : [];
  });
  const first = after.clusters.length > 1 && before.clusters.find((one) => rootOf(one) === rootOf(after));
  return [[first || before, after], ...others];
}

/** What a rule yielded before it broke stays, and that it broke is a finding. */
function collect(rule: RuleDescription, check: () => Iterable<FindingDraft>): readonly Finding[] {
  const findings: Finding[] = [];
  try {
    for (const draft of check()) findings.push(findingOf(rule, draft));
  } catch (error) {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    findings.push(
      findingOf(ruleFailed, {
        at: placeOfFile('.'),
        subject: `rule ${rule.id}`,
        message: `broke (${said}) after ${findings.length} findings, and the rest is not judged; report it as a bug of joinpoint, and accept it by ${acceptFileHint} meanwhile`,
        key: rule.id,
      }),
    );
  }
  return findings;
}

const acceptFileHint = '.joinpoint-accept.yaml with file "."';
