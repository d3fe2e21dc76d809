/** Runs rules: none can end the run, whatever it throws. */
import { type Finding, type FindingDraft, findingOf } from './finding.js';
import { ruleFailed } from './own-rules.js';
import { placeOfFile } from './place.js';
import type { Repository } from '../model/repository.js';
import type { ChangeRule, Rule, RuleDescription } from './rule.js';

export function runRules(rules: readonly Rule[], repository: Repository): readonly Finding[] {
  return rules.flatMap((rule) => collect(rule, () => rule.check(repository)));
}

export function runChangeRules(
  rules: readonly ChangeRule[],
  before: Repository,
  after: Repository,
): readonly Finding[] {
  return rules.flatMap((rule) => collect(rule, () => rule.checkChange(before, after)));
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
