/** The linter as a check of a commit: what it says that it did not say of the base. */
import { lintChange } from '../gitops/lint/lint.js';
import { readRepository } from '../gitops/model/read-repository.js';
import type { Repository } from '../gitops/model/repository.js';
import type { Check } from '../gates/check.js';
import { judgeLint, type Verdict } from '../gates/verdict.js';
import type { Mirror } from '../git/mirror.js';
import { readRevision } from '../git/revision-tree.js';

/** Repositories as they were read last: a base is compared with many heads, and most files of a head are the base's. */
const recent = new Map<string, Repository>();
const recentAtMost = 4;

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
  return judgeLint(
    check,
    errors.map(
      ({ file, line, column, rule, subject, message }) => `${file}:${line}:${column} ${rule} ${subject}: ${message}`,
    ),
  );
}

async function repositoryAt(mirror: Mirror, commit: string, previous?: Repository): Promise<Repository> {
  const key = `${mirror.dir}\0${commit}`;
  const known = recent.get(key);
  if (known) return known;
  const repository = readRepository(await readRevision(mirror.dir, commit, ''), previous && { previous });
  if (recent.size >= recentAtMost) recent.delete(recent.keys().next().value!);
  recent.set(key, repository);
  return repository;
}
