/** A report as SARIF 2.1.0, which GitHub's code scanning and editors read. */
import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { isAbsolute } from 'node:path';
import type { Acceptance } from '../../gitops/lint/acceptance.js';
import type { Finding, Span } from '../../gitops/lint/finding.js';
import { stableKey } from '../../gitops/lint/new-findings.js';
import type { RuleDescription } from '../../gitops/lint/rule.js';
import { type LayerRun, type LintReport, namedFrom } from './report.js';

export interface SarifOptions {
  /** Files are named from here: the checkout. */
  readonly cwd: string;
  readonly version: string;
  readonly rules: readonly RuleDescription[];
  /** The Markdown of a rule's page; undefined where there is none. */
  readonly pageOf: (id: string) => string | undefined;
  /** Where the page can be read; absolute. */
  readonly pageUri: (id: string) => string;
}

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

export function sarifReport(report: LintReport, options: SarifOptions): object {
  const { findings, accepted, layers } = report;
  const uriOf = uriNaming(report.root, options.cwd);
  const fingerprints = new Fingerprints();
  const ids = options.rules.map(({ id }) => id);
  const result = (finding: Finding, by?: Acceptance): object => ({
    ruleId: finding.rule,
    ...(ids.includes(finding.rule) && { ruleIndex: ids.indexOf(finding.rule) }),
    level: levels[finding.severity],
    message: { text: `${finding.subject}: ${finding.message}` },
    locations: [
      { ...location(finding, uriOf), logicalLocations: [{ fullyQualifiedName: finding.subject, kind: 'object' }] },
    ],
    ...(finding.related && {
      relatedLocations: finding.related.map((place, id) => ({
        id,
        ...location(place, uriOf),
        message: { text: place.message },
      })),
    }),
    partialFingerprints: { 'joinpoint/v1': fingerprints.of(finding) },
    ...(by && {
      suppressions: [{ kind: isInSource(by) ? 'inSource' : 'external', status: 'accepted', justification: by.reason }],
    }),
  });
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'joinpoint',
            version: options.version,
            rules: options.rules.map((rule) => ruleOf(rule, options)),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: layers.flatMap(notification) }],
        results: [
          ...findings.map((finding) => result(finding)),
          ...accepted.map(({ finding, by }) => result(finding, by)),
        ],
      },
    ],
  };
}

function ruleOf({ id, summary, severity, layer }: RuleDescription, { pageOf, pageUri }: SarifOptions): object {
  const page = pageOf(id);
  return {
    id,
    shortDescription: { text: summary },
    ...(page !== undefined && { help: { text: summary, markdown: page } }),
    helpUri: pageUri(id),
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: [layer] },
  };
}

function location({ file, line, column, endLine, endColumn }: Span, uriOf: (file: string) => string): object {
  const region = { startLine: line, startColumn: column, ...(endLine && { endLine }), ...(endColumn && { endColumn }) };
  return { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region } };
}

function uriNaming(root: string, cwd: string): (file: string) => string {
  const nameOf = namedFrom(root, cwd);
  return (file) => {
    const name = nameOf(file);
    return isAbsolute(name) ? pathToFileURL(name).href : name.split('/').map(encodeURIComponent).join('/');
  };
}

/** A layer that did not run is said beside the results: they are not all that could be known. */
function notification(run: LayerRun): readonly object[] {
  const { layer } = run;
  const left = run.status === 'notRun' ? [`was not run: ${run.why}`] : run.leftOut.map((what) => `left out ${what}`);
  return left.map((text) => ({ level: 'note', message: { text: `${layer} ${text}` } }));
}

function isInSource({ at }: Acceptance): boolean {
  return !at.file.startsWith('.joinpoint-accept');
}

/** The same for the same finding in the next run, wherever its line is by then; one for each of several alike. */
class Fingerprints {
  private readonly seen = new Map<string, number>();

  of(finding: Finding): string {
    const key = stableKey(finding);
    const nth = (this.seen.get(key) ?? 0) + 1;
    this.seen.set(key, nth);
    return createHash('sha256').update(`${key}\n${nth}`).digest('hex').slice(0, 32);
  }
}
