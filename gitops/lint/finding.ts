/** What a rule says of a repository: where, about what, what is wrong and what to do. Plain data. */
import type { Place } from '../manifests/origin.js';
import type { YamlEdit } from '../yaml/yaml-edit.js';

/** In the order of how much it matters. */
export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** Of a file; `.` for the repository as a whole, with `/` between folders. */
export interface Span extends Place {
  /** The first position that is not part of it any more. */
  readonly endLine?: number;
  readonly endColumn?: number;
}

export interface RelatedPlace extends Span {
  /** What is to be seen there: `is given here first`. */
  readonly message: string;
}

/** What a rule yields; the rest of a finding is the rule's own. */
export interface FindingDraft {
  readonly at: Span;
  /** Kind and namespaced name in effect, `HelmRelease storage/velero`, or what else it is about: a file, a Secret. */
  readonly subject: string;
  /** What is wrong and what to do, so that the owner makes the right fix: `depends on …, which …; did you mean …`. */
  readonly message: string;
  /** Tells it from others of the same rule and subject, and stays when lines move; the message where left out. */
  readonly key?: string;
  /** Where the rule's own does not fit. */
  readonly severity?: Severity;
  readonly related?: readonly RelatedPlace[];
  readonly fix?: Fix;
}

/**
 * What `--fix` may do without asking: the owner would do the same, nothing that was right becomes wrong, and nothing
 * that runs is restarted or deleted by it. Where there is a choice to make, there is no fix.
 */
export interface Fix {
  /** In the imperative: `remove spec.healthChecks, which wait: true ignores`. */
  readonly summary: string;
  /** By file; made in order, all of them or none. */
  readonly edits: Readonly<Record<string, readonly YamlEdit[]>>;
}

export interface Finding extends Span {
  readonly rule: string;
  readonly severity: Severity;
  readonly subject: string;
  readonly message: string;
  readonly key?: string;
  readonly related?: readonly RelatedPlace[];
  readonly fix?: Fix;
}

/** A rule's draft as a finding. */
export function findingOf(rule: { readonly id: string; readonly severity: Severity }, draft: FindingDraft): Finding {
  const { at, severity = rule.severity, ...said } = draft;
  return { rule: rule.id, severity, ...at, ...said };
}

/** As one line: `file:line:column rule subject: message`. */
export function findingLine({ file, line, column, rule, subject, message }: Finding): string {
  return `${file}:${line}:${column} ${rule} ${subject}: ${message}`;
}

/** Sorted by place, then by rule; what was said twice of one place is said once, as severe as it was said. */
export function inOrder(findings: Iterable<Finding>): readonly Finding[] {
  const once = new Map<string, Finding>();
  for (const finding of findings) {
    const { file, line, column, rule, subject, message } = finding;
    const key = [file, line, column, rule, subject, message].join('\n');
    const known = once.get(key);
    if (!known || severities.indexOf(finding.severity) < severities.indexOf(known.severity)) once.set(key, finding);
  }
  return [...once.values()].sort(
    (a, b) =>
      compare(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compare(a.rule, b.rule) ||
      compare(a.subject, b.subject) ||
      compare(a.message, b.message),
  );
}

/** By code units: the same on every machine, whatever its language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
