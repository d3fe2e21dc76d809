/** A finding that somebody accepts until a day, for a reason: in a comment beside it, or in a file for many. */
import type { Place } from '../manifests/origin.js';
import type { Finding, FindingDraft } from './finding.js';

export interface Acceptance {
  readonly rule: string;
  /** `YYYY-MM-DD`; it accepts through the end of that day, UTC. */
  readonly until: string;
  readonly reason: string;
  /** Where it is written. */
  readonly at: Place;
  readonly covers: (finding: Finding) => boolean;
}

/** What is written as acceptances, and what only looks like one. */
export interface AcceptanceReading {
  readonly acceptances: readonly Acceptance[];
  readonly malformed: readonly FindingDraft[];
}

/** Whether the day is past. `now` in milliseconds since the epoch. */
export function isExpired({ until }: Pick<Acceptance, 'until'>, now: number): boolean {
  return now >= Date.parse(`${until}T00:00:00Z`) + dayMs;
}

const dayMs = 86_400_000;

/** Of a calendar day, in the only form that is read. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
