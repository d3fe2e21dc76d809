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
  /** Who let it through and why: it is made all the same, and stops nothing. */
  readonly waived?: string;
  /** Who let it through for a part of what it is made of now, and why: where it fails, a person decides again. */
  readonly waivedInPart?: string;
}

/** Why checks are let through, by their ids. */
type Waivers = Readonly<Record<string, string>>;

/** The same checks; each whose id has a reason in `waivers` is let through for it. */
export function waive(checks: readonly Check[], waivers: Waivers): readonly Check[] {
  return checks.map((check) => {
    const waived = waivers[check.id];
    return waived === undefined ? check : { ...check, waived };
  });
}

/** The same checks, of more than the waivers are for: a check of the whole that one task was let off is not passed for all. */
export function waiveInPart(checks: readonly Check[], waivers: Waivers): readonly Check[] {
  return checks.map((check) => {
    const waivedInPart = waivers[check.id];
    return waivedInPart === undefined ? check : { ...check, waivedInPart };
  });
}
