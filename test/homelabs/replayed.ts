/** What the rules say of the replayed failures, as lines that a test compares. */
import { type Finding, findingOf, inOrder } from '../../gitops/lint/finding.js';
import type { ChangeRule, Rule } from '../../gitops/lint/rule.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import type { Repository } from '../../gitops/model/repository.js';
import { changeRules, rules } from '../../gitops/rules/registry.js';
import { previousTree, replayCase, replayTree } from './replay-trees.js';

const trees = new Map<string, Repository>();

export function repositoryOf(id: string): Repository {
  const known = trees.get(id) ?? readRepository(replayTree(replayCase(id)));
  trees.set(id, known);
  return known;
}

export function ruleOf<R extends Rule | ChangeRule>(all: readonly R[], id: string): R {
  const rule = all.find((one) => one.id === id);
  if (!rule) throw new Error(`${id}: is no rule; register it`);
  return rule;
}

/** `file:line severity subject: message`, without the folders that all cases share. */
function said(findings: readonly Finding[]): readonly string[] {
  return findings.map(
    ({ file, line, severity, subject, message }) =>
      `${file.replace(/^kubernetes\//, '')}:${line} ${severity} ${subject}: ${message}`,
  );
}

export function saidOf(id: string, ruleId: string): readonly string[] {
  const rule = ruleOf(rules, ruleId);
  return said(inOrder([...rule.check(repositoryOf(id))].map((draft) => findingOf(rule, draft))));
}

export function saidOfChange(id: string, ruleId: string): readonly string[] {
  const before = previousTree(replayCase(id));
  if (!before) throw new Error(`case ${id}: has no tree before it`);
  return saidBetween(ruleId, readRepository(before), repositoryOf(id));
}

export function saidBetween(ruleId: string, before: Repository, after: Repository): readonly string[] {
  const rule = ruleOf(changeRules, ruleId);
  return said(inOrder([...rule.checkChange(before, after)].map((draft) => findingOf(rule, draft))));
}
