/** What came of a round of checks, in a line for whoever decides on it. Pure. */
import type { Verdict } from '../gates/verdict.js';
import { counted } from './counted.js';

/** Of a round that nothing stopped: how many passed, and every one by name that passed for another reason than that it holds. */
export function summaryOf(verdicts: readonly Verdict[]): string {
  const titles = (wanted: (verdict: Verdict) => boolean) => verdicts.filter(wanted).map(({ title }) => title);
  const overridden = titles(({ status, note }) => status !== 'passed' || note === 'overridden');
  const broken = titles(({ note }) => note === 'brokenBefore');
  const empty = titles(({ note }) => note === 'provesNothing');
  return [
    `${counted(verdicts.length - overridden.length - broken.length, 'check')} passed`,
    ...(empty.length > 0 ? [`${empty.length} of them proving nothing`] : []),
    ...(broken.length > 0 ? [`${broken.length} as broken as before (${broken.join(', ')})`] : []),
    ...(overridden.length > 0 ? [`${overridden.length} overridden (${overridden.join(', ')})`] : []),
  ].join(', ');
}
