/** The spec of one check, as workflows hand it to the activity that makes it. */

/** `mustPass`: judged by itself. `noWorse`: what was broken at the base may stay broken. */
export type CheckRule = 'mustPass' | 'noWorse';

export interface PlaybookCheck {
  readonly name: string;
  /** Its parameters, as far as they differ from the defaults. */
  readonly with: Readonly<Record<string, unknown>>;
}

export interface Check {
  readonly id: string;
  readonly title: string;
  /** Run by `sh -c` in a work tree at the commit; of a built-in check it is the command that shows the same. */
  readonly run: string;
  /** Made by joinpoint itself: `lint` compares what the linter says of the commit with what it says of the base; a playbook's name asks whether what it is for holds. */
  readonly builtIn?: 'lint' | PlaybookCheck;
  /** Must pass, or the check is inconclusive: the positive control of a check for an absence. */
  readonly control?: string;
  readonly timeoutMs: number;
  readonly rule: CheckRule;
  /** It is made all the same, and stops nothing while it is no worse than what was let through. */
  readonly waived?: Waiver;
}

/** What a person let through. */
export interface Waiver {
  /** Who, what and why. */
  readonly text: string;
  /** What the check was then: what is worse than that was not let through. */
  readonly status: Unproven;
  /** For a part only of what the check is made of now: a check of the whole that one task was let off is not passed for all. */
  readonly inPart?: true;
}

export type Unproven = 'failed' | 'inconclusive';

/** By the ids of checks. */
export type Waivers = Readonly<Record<string, Waiver>>;

/** The same checks, with what was let through of them; `part`: of less than they are made of now. */
export function waive(
  checks: readonly Check[],
  waivers: Waivers,
  extent: 'whole' | 'part' = 'whole',
): readonly Check[] {
  return checks.map((check) => {
    const waiver = waivers[check.id];
    if (waiver === undefined) return check;
    return { ...check, waived: extent === 'part' ? { ...waiver, inPart: true } : waiver };
  });
}
