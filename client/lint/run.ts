/** One run of the linter over a folder: reads, judges, and with `--fix` writes what is safe. */
import type { Verdict } from '../../gitops/lint/accept.js';
import { lint, lintChange } from '../../gitops/lint/lint.js';
import { isApart } from '../../gitops/model/is-apart.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import type { Repository } from '../../gitops/model/repository.js';
import { exactRules } from './exact/rules.js';
import type { ExactResult } from './exact/run-layers.js';
import { makeFixes } from './make-fixes.js';
import { type FixOutcome, isAtLeast, type LintReport, nothingFixed } from './report.js';
import { type KeptTree, readKept } from './read-tree.js';
import type { LintRequest } from './request.js';

/** What a run leaves for the next one: what did not change since is neither read nor parsed again. */
export interface LintMemory {
  readonly kept: KeptTree;
  readonly repository: Repository;
  /** The revision that changes are told against. */
  readonly before: Repository | undefined;
}

export interface LintRun {
  readonly report: LintReport;
  readonly memory: LintMemory;
}

/** @param now in milliseconds since the epoch. */
export async function runLint(request: LintRequest, now: number, previous?: LintMemory): Promise<LintRun> {
  const { root, since, only } = request;
  let kept = await readKept(root, previous?.kept);
  let repository = readRepository(kept.tree, previous && { previous: previous.repository });
  const before = previous?.before ?? (since && (await readBefore(request, since, repository)));
  const judge = (judged: Repository, exact?: ExactFindings): Verdict => {
    const lintOptions = {
      now,
      ...(only && { only }),
      others: exactRules.map((rule) => ({ rule, ran: ranIn(exact, rule.id) })),
    };
    return before
      ? lintChange(before, judged, lintOptions, exact && { before: exact.before, after: exact.findings })
      : lint(judged, lintOptions, exact?.findings);
  };

  let fixes: FixOutcome = nothingFixed;
  if (request.fix) {
    fixes = await makeFixes(
      root,
      kept.tree,
      (edited) => judge(readRepository(edited, { previous: repository })).findings,
    );
    kept = await readKept(root, kept);
    repository = readRepository(kept.tree, { previous: repository });
  }
  const exact = await runExact(request, repository, before);
  const report = reportOf(request, repository, judge(repository, exact), exact, fixes);
  return { report, memory: { kept, repository, before } };
}

/** Most of its files are those of the folder, and so are parsed already. */
async function readBefore(
  { root }: LintRequest,
  { commit, prefix }: NonNullable<LintRequest['since']>,
  after: Repository,
): Promise<Repository> {
  const { readRevision } = await import('../../git/revision-tree.js');
  return readRepository(await readRevision(root, commit, prefix), { previous: after });
}

interface ExactFindings extends ExactResult {
  readonly before: ExactResult['findings'];
}

/** The tools and what runs them are loaded only where they may be wanted. */
async function runExact(request: LintRequest, repository: Repository, before?: Repository): Promise<ExactFindings> {
  const { runLayers, runLayersBefore } = await import('./exact/run-layers.js');
  const result = await runLayers(repository, request.root, request);
  const isAsked = before !== undefined && result.findings.length > 0;
  return { ...result, before: isAsked ? await runLayersBefore(before, request) : [] };
}

function ranIn(exact: ExactFindings | undefined, layer: string): boolean {
  return exact?.layers.some((run) => run.layer === layer && run.status === 'ran') ?? false;
}

function reportOf(
  { root, since, severity }: LintRequest,
  repository: Repository,
  { findings, accepted }: Verdict,
  { layers }: ExactFindings,
  fixes: FixOutcome,
): LintReport {
  return {
    root,
    files: repository.files.length,
    isApart: isApart(repository),
    ...(since && { since: since.commit }),
    findings: findings.filter((finding) => isAtLeast(finding, severity)),
    hidden: findings.filter((finding) => !isAtLeast(finding, severity)),
    accepted,
    layers,
    fixes,
  };
}
