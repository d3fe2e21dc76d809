/** What a rule is: its description, and a pure look at a repository or at a change of one. */
import type { FindingDraft, Severity } from './finding.js';
import type { Repository } from '../model/repository.js';

/** What must be understood to see it; in the order of the tool that would see it first. */
export type Layer = 'parse' | 'build' | 'reference graph' | 'schema' | 'policy' | 'render';

export interface RuleDescription {
  /** Kebab-case; the name of its file, and of its page `docs/rules/<id>.md`. */
  readonly id: string;
  /** `error`: Flux or the cluster will not do what the files say, or data is at risk. `warning`: it may fail later. `info`: worth knowing. */
  readonly severity: Severity;
  /** One sentence on what is wrong where it reports. */
  readonly summary: string;
  readonly layer: Layer;
}

/** Looks at one tree. Pure; what it throws becomes a finding `rule-failed`, and what it yielded before stays. */
export interface Rule extends RuleDescription {
  readonly check: (repository: Repository) => Iterable<FindingDraft>;
}

/** Looks at a change; its findings point into the tree after it, or into the one before for what is gone. */
export interface ChangeRule extends RuleDescription {
  readonly checkChange: (before: Repository, after: Repository) => Iterable<FindingDraft>;
}
