/** What a person asked `joinpoint lint` for, checked: everything that can be refused is refused before a file is read. */
import { severities, type Severity } from '../../gitops/lint/finding.js';
import { descriptions } from '../../gitops/lint/lint.js';
import { nearest } from '../../gitops/lint/nearest.js';
import { folderAt } from '../folder-at.js';
import { Refusal } from '../refusal.js';
import { exactRules } from './exact/rules.js';

export interface LintCliOptions {
  readonly since?: string;
  readonly fix: boolean;
  readonly watch: boolean;
  readonly format?: string;
  readonly rule: readonly string[];
  readonly severity: string;
  readonly strict: boolean;
  readonly exact: boolean;
  readonly schemas?: string;
  readonly charts?: string;
  readonly kubeVersion?: string;
}

export const formats = ['text', 'json', 'sarif', 'github'] as const;
export type Format = (typeof formats)[number];

export interface LintRequest {
  /** Absolute. */
  readonly root: string;
  readonly since?: {
    readonly commit: string;
    /** Of the root in the git repository: `k8s/`, or empty. */ readonly prefix: string;
  };
  readonly fix: boolean;
  readonly format: Format;
  readonly only?: ReadonlySet<string>;
  readonly severity: Severity;
  readonly strict: boolean;
  readonly exact: ExactRequest;
}

export interface ExactRequest {
  /** Why none of them is to run. */
  readonly off?: string;
  /** A folder, or a template of `kubeconform -schema-location`. */
  readonly schemas?: string;
  readonly charts?: string;
  readonly kubeVersion?: string;
}

/** @throws Refusal with one line, code 2. */
export async function readRequest(folder: string, options: LintCliOptions, json: boolean): Promise<LintRequest> {
  const { since, fix, watch, rule, severity, strict, exact, schemas, charts, kubeVersion } = options;
  const format = readFormat(options.format, json);
  if (!isOneOf(severities, severity))
    throw new Refusal(`--severity ${severity}: is none; give one of ${severities.join(', ')}`);
  for (const id of rule) refuseUnknownRule(id);
  if (watch && fix) throw new Refusal('--watch --fix: mean two things; fix first, then watch');
  if (watch && format !== 'text') throw new Refusal(`--watch: writes text for people; leave --format ${format} out`);
  const root = await folderAt(folder, { subject: `lint ${folder}:`, wanted: 'the root of a GitOps repository' });
  const off = watch ? '--watch leaves it out' : exact ? undefined : '--no-exact';
  return {
    root,
    ...(since !== undefined && { since: await resolveRevision(root, since) }),
    fix,
    format,
    ...(rule.length > 0 && { only: new Set(rule) }),
    severity,
    strict,
    exact: {
      ...(off !== undefined && { off }),
      ...(schemas !== undefined && { schemas: await schemaLocation(schemas) }),
      ...(charts !== undefined && {
        charts: await folderAt(charts, { subject: `--charts ${charts}:`, wanted: 'a folder of charts' }),
      }),
      ...(kubeVersion !== undefined && { kubeVersion }),
    },
  };
}

function readFormat(format: string | undefined, json: boolean): Format {
  if (format === undefined) return json ? 'json' : 'text';
  if (!isOneOf(formats, format)) throw new Refusal(`--format ${format}: is none; give one of ${formats.join(', ')}`);
  if (json && format !== 'json') throw new Refusal(`--json --format ${format}: mean two things; give one of them`);
  return format;
}

function isOneOf<T extends string>(all: readonly T[], text: string): text is T {
  return (all as readonly string[]).includes(text);
}

function refuseUnknownRule(id: string): void {
  const ids = [...descriptions, ...exactRules].map((description) => description.id);
  if (ids.includes(id)) return;
  const near = nearest(id, ids);
  throw new Refusal(
    `--rule ${id}: there is no such rule; ${near ? `did you mean ${near}?` : 'docs/rules.md lists them'}`,
  );
}

async function schemaLocation(location: string): Promise<string> {
  return location.includes('{{')
    ? location
    : folderAt(location, { subject: `--schemas ${location}:`, wanted: 'a folder of JSON schemas' });
}

/** @throws Refusal where there is no repository, no such revision, or no git. */
async function resolveRevision(root: string, revision: string): Promise<NonNullable<LintRequest['since']>> {
  const { gitLine, GitError } = await import('../../git/run.js');
  const ask = (args: readonly string[], unknown: string): Promise<string> =>
    gitLine(root, ['rev-parse', ...args]).catch((error: unknown) => {
      if (!(error instanceof GitError)) throw error;
      const isUnknown = /not a git repository|Needed a single revision/.test(error.stderr);
      throw new Refusal(`--since ${revision}: ${isUnknown ? unknown : error.message}`);
    });
  const prefix = await ask(['--show-prefix'], `${root} is in no git repository; leave --since out`);
  const commit = await ask(
    ['--verify', '--end-of-options', `${revision}^{commit}`],
    'git knows no such revision; fetch it (a shallow clone has few), or name another',
  );
  return { commit, prefix };
}
