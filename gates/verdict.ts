/** Turns what a check saw into a verdict: pure, and the only place that decides what passes. */
import type { Check, Unproven, Waiver } from './check.js';

/** What one run of a check's command showed. `made: false` means that it could not be made at all. */
export type Observation =
  | { readonly made: true; readonly passed: boolean; readonly excerpt: string; readonly digest: string }
  | { readonly made: false; readonly why: string; readonly excerpt: string };

export interface Observations {
  readonly head: Observation;
  /** The same check where the work began; absent when there is nothing to compare with. */
  readonly base?: Observation;
  /** The positive control of a check for an absence. */
  readonly control?: Observation;
}

export type VerdictStatus = 'passed' | 'failed' | 'inconclusive';

export interface Verdict {
  readonly id: string;
  readonly title: string;
  readonly status: VerdictStatus;
  /** One line for people. */
  readonly why: string;
  /** At most 4 KB, redacted. */
  readonly excerpt: string;
  /** sha256 of the whole output, where there was one. */
  readonly digest?: string;
  /** Set where it is worth saying: it passed at the base already, was broken there, or a person let it through. */
  readonly note?: 'provesNothing' | 'brokenBefore' | 'overridden';
  /** What it was by itself, where it counts as something else for what a person let through. */
  readonly seenAs?: Unproven;
}

/** The exit code by which a check says that it cannot tell: `EX_TEMPFAIL` of sysexits.h. */
export const inconclusiveExitCode = 75;

export interface ProcessEnd {
  readonly kind: 'code' | 'signal' | 'timeout' | 'notStarted';
  readonly code?: number;
  readonly detail?: string;
}

/** How a command's end counts as an observation: only its own exit code is a judgement, everything else means that it was not made. */
export function observe(end: ProcessEnd, excerpt: string, digest: string): Observation {
  switch (end.kind) {
    case 'code':
      if (end.code === inconclusiveExitCode)
        return { made: false, why: 'the check says that it cannot tell (exit code 75)', excerpt };
      if (end.code === 126 || end.code === 127)
        return { made: false, why: `its command could not be run (exit code ${end.code})`, excerpt };
      return { made: true, passed: end.code === 0, excerpt, digest };
    case 'signal':
      return { made: false, why: `its command was ended by ${end.detail ?? 'a signal'}`, excerpt };
    case 'timeout':
      return { made: false, why: `its command did not end within ${end.detail ?? 'its time limit'}`, excerpt };
    case 'notStarted':
      return { made: false, why: `its command did not start: ${end.detail ?? 'no reason given'}`, excerpt };
  }
}

/** A recorded verdict as the observation to compare with: a baseline taken when a phase started. */
export function asBaseline({ status, why, excerpt, digest }: Verdict): Observation {
  return status === 'inconclusive'
    ? { made: false, why, excerpt }
    : { made: true, passed: status === 'passed', excerpt, digest: digest ?? '' };
}

/** What is to be judged: a check without what it takes to make it. */
type Judged = Pick<Check, 'id' | 'title' | 'rule' | 'waived'>;

/** The verdict on one check. A failure that is more than what a person let through is theirs to decide on again. */
export function judge(check: Judged, seen: Observations): Verdict {
  const verdict = judgeSeen(check, seen);
  const { waived } = check;
  if (!waived || verdict.status === 'passed') return verdict;
  const { text, inPart } = waived;
  const letThrough = inPart ? undefined : asWaived(verdict, waived);
  if (letThrough) return letThrough;
  const { status: seenAs, why } = verdict;
  if (seenAs === 'inconclusive') return verdict;
  const beyond = inPart ? 'for a part of this' : 'when it was inconclusive';
  return { ...verdict, status: 'inconclusive', seenAs, why: `failed, and ${beyond} ${text}: ${why}` };
}

/** How a verdict that did not pass counts where a person let as much through; undefined where it is worse than that. */
export function asWaived(verdict: Verdict, { text, status }: Waiver): Verdict | undefined {
  if (verdict.status === 'passed') return undefined;
  const seenAs = verdict.seenAs ?? verdict.status;
  if (seenAs === 'failed' && status === 'inconclusive') return undefined;
  return { ...verdict, status: 'passed', seenAs, why: `${seenAs}, and ${text}: ${verdict.why}`, note: 'overridden' };
}

function judgeSeen(check: Judged, seen: Observations): Verdict {
  const { head, base, control } = seen;
  const named = { id: check.id, title: check.title };
  if (control && !(control.made && control.passed)) {
    const why = control.made
      ? 'its positive control failed, so an absence means nothing'
      : `its positive control could not be made: ${control.why}`;
    return { ...named, status: 'inconclusive', why, excerpt: control.excerpt };
  }
  if (!head.made) return { ...named, status: 'inconclusive', why: head.why, excerpt: head.excerpt };
  const found = { ...named, excerpt: head.excerpt, digest: head.digest };
  if (head.passed) {
    const provesNothing = check.rule === 'mustPass' && base?.made === true && base.passed;
    return provesNothing
      ? {
          ...found,
          status: 'passed',
          why: 'passed; it passes at the base too, so it proves nothing',
          note: 'provesNothing',
        }
      : { ...found, status: 'passed', why: 'passed' };
  }
  if (check.rule === 'mustPass' || base === undefined)
    return { ...found, status: 'failed', why: firstLine(head.excerpt) || 'failed without a word' };
  if (!base.made)
    return { ...found, status: 'inconclusive', why: `failed, and could not be compared with the base: ${base.why}` };
  if (base.passed)
    return { ...found, status: 'failed', why: `passed at the base, fails now: ${firstLine(head.excerpt)}` };
  return { ...found, status: 'passed', why: 'was broken at the base already', note: 'brokenBefore' };
}

/** The first of the worst, undefined where all passed: a failure outweighs what is not known. */
export function worstOf(verdicts: readonly Verdict[]): Verdict | undefined {
  return verdicts.find(({ status }) => status === 'failed') ?? verdicts.find(({ status }) => status === 'inconclusive');
}

/** The status of the worst of them. No verdict at all is a pass. */
export function overall(verdicts: readonly Verdict[]): VerdictStatus {
  return worstOf(verdicts)?.status ?? 'passed';
}

/** For whoever is to mend it: what is wrong, and what the check printed. */
export function feedbackOf({ title, why, excerpt }: Verdict): string {
  return `${title}: ${why}${excerpt && excerpt !== why ? `\n${excerpt}` : ''}`;
}

/** Path scope as a check: every changed file must match one of the task's globs. */
export function judgeScope(outside: readonly string[], changed: number): Verdict {
  const named = { id: 'files', title: "Changes stay inside the task's files" };
  if (changed === 0)
    return {
      ...named,
      status: 'failed',
      why: 'nothing was changed; the task needs at least one commit with a change',
      excerpt: '',
    };
  if (outside.length === 0) return { ...named, status: 'passed', why: `${changed} files, all inside`, excerpt: '' };
  return {
    ...named,
    status: 'failed',
    why: `edited outside its files: ${outside.slice(0, 5).join(', ')}${outside.length > 5 ? ` and ${outside.length - 5} more` : ''}; restore them`,
    excerpt: outside.join('\n').slice(0, 4096),
  };
}

/** What joinpoint itself found as a check: each line, redacted, is something that must not be; `before`, at the base. */
export function judgeFound(check: Judged, lines: readonly string[], before?: readonly string[]): Verdict {
  const found = (of: readonly string[]): Observation => ({
    made: true,
    passed: of.length === 0,
    excerpt: of.join('\n').slice(0, 4096),
    digest: '',
  });
  const { digest: _, ...seen } = judge(check, { head: found(lines), ...(before && { base: found(before) }) });
  const more = seen.status === 'failed' && lines.length > 1 ? ` (and ${lines.length - 1} more)` : '';
  return { ...seen, why: `${seen.why}${more}` };
}

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 300);
}
