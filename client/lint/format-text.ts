/** A report for people: a line for each finding, a block for each file, and what it comes to. */
import type { Finding, Severity } from '../../gitops/lint/finding.js';
import { counted } from '../../plan/counted.js';
import type { Style } from '../../plan/render-style.js';
import { countFindings, type LayerRun, type LintReport, namedFrom } from './report.js';

export interface TextOptions {
  readonly style: Style;
  /** Where the reader is: files are named from there. */
  readonly cwd: string;
  /** What to type to make the safe fixes. */
  readonly fixCommand: string;
}

export function textLines(report: LintReport, options: TextOptions): readonly string[] {
  const nameOf = namedFrom(report.root, options.cwd);
  const lines: string[] = [];
  let file: string | undefined;
  for (const finding of report.findings) {
    if (file !== undefined && file !== finding.file) lines.push('');
    file = finding.file;
    lines.push(findingLine(finding, nameOf(file), options.style));
  }
  if (lines.length > 0) lines.push('');
  return [...lines, ...fixLines(report, nameOf), ...summaryLines(report, options)];
}

/** `file:line:column severity rule subject: message`, on one line whatever the message holds. */
function findingLine(finding: Finding, file: string, style: Style): string {
  const { line, column, severity, rule, subject, message } = finding;
  const colour = { error: style.bad, warning: style.asks, info: style.faint }[severity];
  return `${file}:${line}:${column} ${colour(severity)} ${rule} ${style.strong(subject)}: ${oneLine(message)}`;
}

export function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, ' ').trim();
}

function fixLines({ fixes }: LintReport, nameOf: (file: string) => string): readonly string[] {
  const place = ({ file, line }: Finding): string => `${nameOf(file)}:${line}`;
  return [
    ...fixes.made.map(({ finding, summary }) => `fixed ${place(finding)} ${finding.rule}: ${oneLine(summary)}`),
    ...fixes.left.map(({ finding, why }) => `left ${place(finding)} ${finding.rule}: ${oneLine(why)}`),
  ];
}

/** What it comes to, and what was not looked at: also where there is nothing to complain of. */
export function summaryLines(report: LintReport, { style, fixCommand }: TextOptions): readonly string[] {
  const { findings, accepted, hidden, fixes, files, since } = report;
  const { bySeverity, files: filesWithFindings, fixable } = countFindings(findings);
  const severities = (['error', 'warning', 'info'] as const).filter((severity) => bySeverity[severity] > 0);
  const total = severities.map((severity) => severityCount(severity, bySeverity[severity])).join(', ');
  const read = `${counted(files, 'YAML file')} read`;
  const news = since === undefined ? '' : `new since ${since.slice(0, 12)} `;
  const parts = [
    findings.length === 0
      ? style.good(`nothing ${news}is wrong`)
      : style.strong(`${total} ${news}in ${counted(filesWithFindings, 'file')}`),
    read,
    ...(report.isApart
      ? [style.asks('no Flux Kustomization leads into this folder, give the root of the repository')]
      : []),
    ...(hidden.length > 0 ? [`${hidden.length} less severe not shown`] : []),
    ...(accepted.length > 0 ? [`${accepted.length} accepted`] : []),
    ...(fixes.made.length > 0 ? [`${fixes.made.length} fixed`] : []),
    ...(fixable > 0 ? [`${fixable} can be fixed with: ${fixCommand}`] : []),
  ];
  return [...report.layers.map(layerLine), parts.join('; ')];
}

function severityCount(severity: Severity, count: number): string {
  return severity === 'info' ? `${count} info` : counted(count, severity);
}

/** JSON has all of them. */
const leftOutAtMost = 5;

function layerLine(run: LayerRun): string {
  if (run.status === 'notRun') return `${run.layer}: not run: ${run.why}`;
  const more = run.leftOut.length - leftOutAtMost;
  const named = [...run.leftOut.slice(0, leftOutAtMost), ...(more > 0 ? [`and ${more} more`] : [])];
  return `${run.layer}: ran ${counted(run.checked, 'time')}${named.length > 0 ? `; left out: ${named.join(', ')}` : ''}`;
}
