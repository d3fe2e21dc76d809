/** The spec of one check, as workflows hand it to the activity that makes it. */
import type { CheckRule } from './verdict.js';

export interface Check {
  readonly id: string;
  readonly title: string;
  /** Run by `sh -c` in a work tree at the commit. */
  readonly run: string;
  /** Must pass, or the check is inconclusive: the positive control of a check for an absence. */
  readonly control?: string;
  readonly timeoutMs: number;
  readonly rule: CheckRule;
}
