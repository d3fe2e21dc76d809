/**
 * What readers who had not seen the rules made of the drawn findings, held against today's linter. A first reader found
 * some of them wrong: `mended.json` has these as they were. What was worded anew was judged again, by another reader.
 */
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
}

/** A finding of an earlier draw that its reader called wrong. */
interface Mended {
  readonly id: string;
  readonly message: string;
  /** The reader's, why it is wrong. */
  readonly reason: string;
  /** Ours: what was mended. */
  readonly mended: string;
}

const data = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const { seed: drawnWith, findings } = data('./findings.json') as { seed: number; findings: readonly DrawnFinding[] };
const judgements = data('./judgements.json') as readonly Judgement[];
const mended = data('./mended.json') as readonly Mended[];
const judged = new Map(judgements.map((judgement) => [judgement.id, judgement]));

const wrongAtMost = 1 / 30;

function shareWrong(shown: readonly DrawnFinding[]): number {
  return shown.filter(({ id }) => judged.get(id)?.verdict !== 'right').length / Math.max(1, shown.length);
}

test('every finding that was drawn is judged, with a reason, and no other', () => {
  expect(drawnWith).toBe(seed);
  expect(judgements.map(({ id }) => id)).toEqual(findings.map(({ id }) => id));
  expect(judgements.filter(({ reason }) => reason.trim() === '')).toEqual([]);
});

test.each(['error', 'warning', 'info'] as const)('at most 1 in 30 of severity %s is not right', (severity) => {
  expect(shareWrong(findings.filter((finding) => finding.severity === severity))).toBeLessThanOrEqual(wrongAtMost);
});

test('at most 1 in 30 of all, and of the rules of severity error, is not right', () => {
  expect(shareWrong(findings)).toBeLessThanOrEqual(wrongAtMost);
  expect(shareWrong(findings.filter(({ ruleSeverity }) => ruleSeverity === 'error'))).toBeLessThanOrEqual(wrongAtMost);
});

describe.skipIf(missingData !== '')(`today's linter${missingData}`, () => {
  test.each(homelabNames)('%s: still says what was judged, and no more what was wrong', (name) => {
    const today = withIds(reportedIn(name));
    const ids = today.map(({ id }) => id);
    expect(findings.filter(({ id, repository }) => repository === name && !ids.includes(id))).toEqual([]);
    const isWrong = (found: DrawnFinding) =>
      mended.some(({ id, message }) => id === found.id && message === found.message);
    expect(today.filter(isWrong)).toEqual([]);
  });
});
