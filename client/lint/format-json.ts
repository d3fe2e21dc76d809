/** A report for programs. The keys are a promise: more may come, none changes its meaning. */
import type { Acceptance } from '../../gitops/lint/acceptance.js';
import type { Finding } from '../../gitops/lint/finding.js';
import { countFindings, type LintReport } from './report.js';

export function jsonReport(report: LintReport): object {
  const { root, files, since, findings, hidden, accepted, layers, fixes } = report;
  const { bySeverity, byRule, fixable } = countFindings(findings);
  return {
    version: 1,
    root,
    ...(since !== undefined && { since }),
    counts: {
      findings: findings.length,
      ...bySeverity,
      byRule,
      fixable,
      accepted: accepted.length,
      hidden: hidden.length,
      files,
    },
    layers,
    findings: findings.map(jsonFinding),
    accepted: accepted.map(({ finding, by }) => ({ ...jsonFinding(finding), acceptedBy: jsonAcceptance(by) })),
    fixed: fixes.made.map(({ finding, summary }) => ({ ...jsonFinding(finding), fix: summary })),
    notFixed: fixes.left.map(({ finding, why }) => ({ ...jsonFinding(finding), why })),
  };
}

/** What a fix would do is said; its edits are joinpoint's own. */
function jsonFinding({ fix, ...said }: Finding): object {
  return { ...said, ...(fix && { fix: fix.summary }) };
}

function jsonAcceptance({ at: { file, line }, until, reason }: Acceptance): object {
  return { file, line, until, reason };
}
