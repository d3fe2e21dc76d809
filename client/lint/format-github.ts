/** A report as workflow commands: GitHub shows each finding beside its line in the pull request. */
import type { Finding } from '../../gitops/lint/finding.js';
import { type LintReport, namedFrom } from './report.js';

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** Files are named from `cwd`, which is the checkout where a workflow runs it. */
export function githubLines({ root, findings }: LintReport, cwd: string): readonly string[] {
  const nameOf = namedFrom(root, cwd);
  return findings.map((finding) => {
    const { severity, rule, subject, message } = finding;
    return `::${commands[severity]} ${properties(finding, nameOf)}::${escapeData(`${subject}: ${message} (${rule})`)}`;
  });
}

function properties(finding: Finding, nameOf: (file: string) => string): string {
  const { file, line, column, endLine, endColumn, rule } = finding;
  const isPlaced = file !== '.';
  const values = {
    ...(isPlaced && { file: nameOf(file), line, col: column }),
    ...(isPlaced && endLine !== undefined && { endLine }),
    // GitHub takes columns only where the line is one.
    ...(isPlaced && endColumn !== undefined && endLine === line && { endColumn }),
    title: rule,
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
    .join(',');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
