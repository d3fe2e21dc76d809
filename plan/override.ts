/** What a person lets through with an override: what they are shown, what is recorded, and what stops the work no more. Pure. */
import type { Waivers } from '../gates/check.js';
import { asWaived, type Verdict } from '../gates/verdict.js';
import type { Override, Work } from './phase-state.js';
import type { Answer } from './question.js';

/** Of each; there may be dozens, and all of them are named. */
const whyAtMost = 160;

/** Verdicts that an override lets through: those that failed, and those that nobody knows. */
export function notPassed(verdicts: readonly Verdict[]): readonly Verdict[] {
  return verdicts.filter(({ status }) => status !== 'passed');
}

/** Every one of them by name, for whoever is to decide. */
export function nameAll(verdicts: readonly Verdict[]): string {
  return verdicts.map(({ title, status, why }) => `${title} (${status}: ${why.slice(0, whyAtMost)})`).join('; ');
}

/** What an override of work with these verdicts would let through, in a line. */
export function overrideLets(verdicts: readonly Verdict[]): string {
  const open = notPassed(verdicts);
  return open.length === 0
    ? 'what was left passes every check; override takes it as it is'
    : `override lets through: ${nameAll(open)}`;
}

/** The override that `answer` is, of what was shown as `about` with these verdicts; `said` is for the pull request. */
export function overrideOf(
  { by, comment }: Answer,
  about: string,
  verdicts: readonly Verdict[],
): { readonly overridden: Override; readonly said: string } {
  const open = notPassed(verdicts);
  const text = `${by} overrode "${about}": ${comment}`;
  return {
    overridden: {
      text,
      checks: open.flatMap(({ id, status, seenAs = status }) => (seenAs === 'passed' ? [] : [{ id, status: seenAs }])),
    },
    said: open.length === 0 ? text : `${text}\n\nLet through: ${nameAll(open)}`,
  };
}

/** What a person let through of these. */
export function waiversOf(works: readonly Pick<Work, 'overridden'>[]): Waivers {
  return Object.fromEntries(
    works.flatMap(
      ({ overridden }) => overridden?.checks.map(({ id, status }) => [id, { text: overridden.text, status }]) ?? [],
    ),
  );
}

/** Verdicts as they count where a person let some through already: what is no worse than that stops nothing, what is worse is what it is. */
export function lettingThrough(verdicts: readonly Verdict[], waivers: Waivers): readonly Verdict[] {
  return verdicts.map((verdict) => {
    const waiver = waivers[verdict.id];
    return (waiver && asWaived(verdict, waiver)) ?? verdict;
  });
}

/** Without those of checks that have passed since: what fails after that is another failure. */
export function stillWaived(waivers: Waivers, seen: readonly Verdict[]): Waivers {
  const passed = new Set(seen.flatMap(({ id, status, seenAs }) => (status === 'passed' && !seenAs ? [id] : [])));
  return Object.fromEntries(Object.entries(waivers).filter(([id]) => !passed.has(id)));
}

/** What is let through after a part of the whole was proven that began with `given` and ended with `left`. */
export function afterPart(waivers: Waivers, given: Waivers, left: Waivers): Waivers {
  return { ...Object.fromEntries(Object.entries(waivers).filter(([id]) => !(id in given))), ...left };
}
