/** The linter as a check of a commit: what it says that it did not say of the base. */
import { findingLine } from '../gitops/lint/finding.js';
import { lintChange } from '../gitops/lint/lint.js';
import type { Check } from '../gates/check.js';
import { judgeFound, type Verdict } from '../gates/verdict.js';
import type { Mirror } from '../git/mirror.js';
import { redact } from './process/redact.js';
import { repositoryAt } from './repositories.js';

/** Errors that a commit brings against its base, as the verdict of `check`; `at` decides which acceptances have expired. */
export async function lintVerdict(
  mirror: Mirror,
  check: Check,
  { base, commit, at }: { readonly base: string; readonly commit: string; readonly at: number },
): Promise<Verdict> {
  const before = await repositoryAt(mirror, base);
  const after = await repositoryAt(mirror, commit, before);
  const { findings } = lintChange(before, after, { now: at });
  const errors = findings.filter(({ severity }) => severity === 'error');
  // A message may quote a file, and a verdict goes into histories and comments.
  return judgeFound(
    check,
    errors.map((finding) => findingLine({ ...finding, message: redact(finding.message) })),
  );
}
