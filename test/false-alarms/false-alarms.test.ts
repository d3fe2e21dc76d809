/** What a reader who had not seen the rules made of the drawn findings, held against today's linter. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { homelabNames, missingData } from '../homelabs/homelab-trees.js';
import { reportedIn } from './drawn.js';
import { type DrawnFinding, seed, withIds } from './sample.js';

interface Judgement {
  readonly id: string;
  readonly verdict: 'right' | 'wrong' | 'cannot tell';
  /** The reader's, from the files. */
  readonly reason: string;
  /** Ours, where a wrong finding is reported no more, or says something else: what was mended. */
  readonly mended?: string;
  /** Ours, where we see it otherwise; it counts as the reader judged. */
  readonly note?: string;
}

const data = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const { seed: drawnWith, findings } = data('./findings.json') as { seed: number; findings: readonly DrawnFinding[] };
const judgements = data('./judgements.json') as readonly Judgement[];
const judged = new Map(judgements.map((judgement) => [judgement.id, judgement]));

/** Of what a reader was shown and the linter still says. */
const wrongAtMost = 1 / 30;

function shareWrong(shown: readonly DrawnFinding[]): number {
  const still = shown.filter(({ id }) => judged.get(id)?.mended === undefined);
  return still.filter(({ id }) => judged.get(id)?.verdict === 'wrong').length / Math.max(1, still.length);
}

test('every finding that was drawn is judged, with a reason, and no other', () => {
  expect(drawnWith).toBe(seed);
  expect(judgements.map(({ id }) => id)).toEqual(findings.map(({ id }) => id));
  expect(judgements.filter(({ reason }) => reason.trim() === '')).toEqual([]);
  expect(judgements.filter(({ verdict, mended }) => mended !== undefined && verdict !== 'wrong')).toEqual([]);
});

test.each(['error', 'warning', 'info'] as const)('at most 1 in 30 of severity %s is wrong', (severity) => {
  expect(shareWrong(findings.filter((finding) => finding.severity === severity))).toBeLessThanOrEqual(wrongAtMost);
});

test('at most 1 in 30 of all, and of the rules of severity error, is wrong', () => {
  expect(shareWrong(findings)).toBeLessThanOrEqual(wrongAtMost);
  expect(shareWrong(findings.filter(({ ruleSeverity }) => ruleSeverity === 'error'))).toBeLessThanOrEqual(wrongAtMost);
});

describe.skipIf(missingData !== '')(`today's linter${missingData}`, () => {
  test.each(homelabNames)('%s: still says what was judged, and no more what was mended', (name) => {
    const today = new Map(withIds(reportedIn(name)).map(({ id, message }) => [id, message]));
    for (const { id, repository, message } of findings) {
      if (repository !== name) continue;
      if (judged.get(id)?.mended === undefined) expect([...today.keys()]).toContain(id);
      else expect([id, today.get(id)]).not.toEqual([id, message]);
    }
  });
});
