/** Runs rules: none can end the run, whatever it throws. */
import { type Finding, type FindingDraft, findingOf } from './finding.js';
import { ruleFailed } from './own-rules.js';
import { placeOfFile } from './place.js';
import type { Repository } from '../model/repository.js';
import type { ChangeRule, Rule, RuleDescription } from './rule.js';

/** In every cluster; what is said of what they have in common is said of each, and told once by `inOrder`. */
export function runRules(rules: readonly Rule[], repository: Repository): readonly Finding[] {
  const { clusters } = repository;
  return rules.flatMap((rule) => {
    const found = clusters.map((cluster) => collect(rule, () => rule.check(cluster)));
    return clusters.length === 1
      ? found.flat()
      : found.flatMap((findings, at) => named(findings, clusters[at]!, found));
  });
}

/** With the cluster that it is so in, where it is not so in all: a file may be part of several. */
function named(
  findings: readonly Finding[],
  cluster: Repository,
  ofAll: readonly (readonly Finding[])[],
): readonly Finding[] {
  const root = rootOf(cluster);
  return findings.map((finding) => {
    const isEverywhere = ofAll.every((found) => found.some((other) => isSame(other, finding)));
    const isItsOwn = finding.file.startsWith(root.slice(0, root.lastIndexOf('/') + 1));
    const message = `${finding.message} (in the cluster of ${root})`;
    return isEverywhere || isItsOwn ? finding : { ...finding, message, key: finding.key ?? finding.message };
  });
}

function isSame(one: Finding, other: Finding): boolean {
  return (
    one.file === other.file && one.line === other.line && one.subject === other.subject && one.message === other.message
  );
}

/** The file of what the cluster starts from. */
function rootOf({ flux }: Repository): string {
  return flux.roots[0]?.object.composed.root.document.file.path ?? '';
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
