/** What playbooks lack, said by the linter. */
import { type Finding, findingLine } from '../gitops/lint/finding.js';
import { lint } from '../gitops/lint/lint.js';
import type { Repository } from '../gitops/model/repository.js';

export interface Counted {
  /** Findings that say nothing against the playbook's subject. */
  readonly except?: (finding: Finding) => boolean;
}

/** Each finding of these rules that nobody has accepted. */
export function findingsOf(
  rules: readonly string[],
  repository: Repository,
  now: number,
  { except = () => false }: Counted = {},
): readonly string[] {
  const { findings } = lint(repository, { now, only: new Set(rules) });
  return findings.filter((finding) => !except(finding)).map(findingLine);
}
