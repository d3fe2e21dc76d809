/** What one run of the linter found, whatever form it is written in. */
import { isAbsolute, join, relative } from 'node:path';
import type { AcceptedFinding } from '../../gitops/lint/accept.js';
import { type Finding, severities, type Severity } from '../../gitops/lint/finding.js';

/** A layer that a real tool judges. */
export type LayerRun =
  | { readonly layer: string; readonly status: 'ran'; readonly checked: number; readonly leftOut: readonly string[] }
  | { readonly layer: string; readonly status: 'notRun'; readonly why: string };

export interface LintReport {
  /** The folder that was judged; absolute. */
  readonly root: string;
  /** YAML files that were read. */
  readonly files: number;
  /** Kustomizations of Flux stand in it, and none leads into it: it is a part of a repository. */
  readonly isApart: boolean;
  /** The commit against which only what is new is reported. */
  readonly since?: string;
  /** In order. */
  readonly findings: readonly Finding[];
  /** Less severe ones, which nobody asked to see. */
  readonly hidden: readonly Finding[];
  readonly accepted: readonly AcceptedFinding[];
  readonly layers: readonly LayerRun[];
  readonly fixes: FixOutcome;
}

/** What `--fix` did. */
export interface FixOutcome {
  readonly made: readonly { readonly finding: Finding; readonly summary: string }[];
  readonly left: readonly { readonly finding: Finding; readonly why: string }[];
}

export const nothingFixed: FixOutcome = { made: [], left: [] };

export interface LintCounts {
  readonly bySeverity: Readonly<Record<Severity, number>>;
  /** Sorted by id. */
  readonly byRule: Readonly<Record<string, number>>;
  readonly files: number;
  readonly fixable: number;
}

export function countFindings(findings: readonly Finding[]): LintCounts {
  const byRule = new Map<string, number>();
  for (const { rule } of findings) byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
  const ofSeverity = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  return {
    bySeverity: { error: ofSeverity('error'), warning: ofSeverity('warning'), info: ofSeverity('info') },
    byRule: Object.fromEntries([...byRule].sort(([a], [b]) => (a < b ? -1 : 1))),
    files: new Set(findings.map(({ file }) => file)).size,
    fixable: findings.filter(({ fix }) => fix).length,
  };
}

/** Whether a finding is at least so severe. */
export function isAtLeast({ severity }: Pick<Finding, 'severity'>, least: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(least);
}

/** How a file of the report is named from a folder: relative inside it, absolute outside. */
export function namedFrom(root: string, from: string): (file: string) => string {
  const prefix = relative(from, root);
  const isInside = !prefix.startsWith('..') && !isAbsolute(prefix);
  return (file) => join(isInside ? prefix : root, file);
}
