/** Whether what a playbook is for holds at a commit, as a check. */
import type { Check, PlaybookCheck } from '../gates/check.js';
import { judgeFound, type Verdict } from '../gates/verdict.js';
import type { Mirror } from '../git/mirror.js';
import { redact } from './process/redact.js';
import { repositoryAt } from './repositories.js';
import { requirePlaybook } from './require-playbook.js';

/** Each line of what it lacks, as the verdict of `check`; `at` decides which acceptances have expired. */
export async function playbookVerdict(
  mirror: Mirror,
  check: Check,
  use: PlaybookCheck,
  { base, commit, at }: { readonly base?: string | undefined; readonly commit: string; readonly at: number },
): Promise<Verdict> {
  const { playbook, parameters } = requirePlaybook(use);
  const before = base === undefined ? undefined : await repositoryAt(mirror, base);
  const after = await repositoryAt(mirror, commit, before);
  const [lacks, lacked] = [after, before].map((repository) => repository && playbook.lacks(repository, parameters, at));
  return judgeFound(check, lacks!.map(redact), lacked?.map(redact));
}
