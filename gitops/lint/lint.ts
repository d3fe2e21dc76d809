/** Judges a tree, or a change from one tree to another: what the command line, tasks and candidates all call. */
import { changeRules, rules } from '../rules/registry.js';
import { accept, type AcceptOptions, type Verdict } from './accept.js';
import { type Finding, inOrder } from './finding.js';
import { newFindings } from './new-findings.js';
import { ownRules } from './own-rules.js';
import type { Repository } from '../model/repository.js';
import type { RuleDescription } from './rule.js';
import { runChangeRules, runRules } from './run-rules.js';

export interface LintOptions {
  /** Milliseconds since the epoch: until when findings are accepted. */
  readonly now: number;
  /** Only these rules; all where left out. */
  readonly only?: ReadonlySet<string>;
  /** Rules whose findings come from elsewhere, such as the exact layers, and whether they ran. */
  readonly others?: readonly OtherRule[];
}

export interface OtherRule {
  readonly rule: RuleDescription;
  readonly ran: boolean;
}

/** Every rule by its id, the framework's own among them. */
export const descriptions: readonly RuleDescription[] = [...rules, ...changeRules, ...ownRules];

/** Everything that is wrong with a tree; `found` elsewhere is accepted and sorted with the rest. */
export function lint(repository: Repository, options: LintOptions, found: readonly Finding[] = []): Verdict {
  return accept([...runRules(wanted(rules, options), repository), ...found], repository, acceptOptions(options));
}

/** What a change brings: what the rules of changes see, and of the tree after it what was not wrong before. */
export function lintChange(
  before: Repository,
  after: Repository,
  options: LintOptions,
  found: { readonly before: readonly Finding[]; readonly after: readonly Finding[] } = { before: [], after: [] },
): Verdict {
  const old = lint(before, options, found.before);
  const changed = runChangeRules(wanted(changeRules, options), before, after);
  const { findings, accepted } = lint(after, options, [...found.after, ...changed]);
  return { findings: inOrder(newFindings(old.findings, findings)), accepted };
}

function wanted<R extends RuleDescription>(all: readonly R[], { only }: LintOptions): readonly R[] {
  return only ? all.filter(({ id }) => only.has(id)) : all;
}

function acceptOptions(options: LintOptions): AcceptOptions {
  const others = options.others ?? [];
  return {
    now: options.now,
    knownRules: new Set([...descriptions, ...others.map(({ rule }) => rule)].map(({ id }) => id)),
    ranRules: new Set([
      ...wanted(rules, options).map(({ id }) => id),
      ...others.filter(({ ran }) => ran).map(({ rule }) => rule.id),
    ]),
  };
}
