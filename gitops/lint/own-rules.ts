/** What the framework itself reports: a rule that broke, and acceptances that do not do what they say. */
import type { RuleDescription } from './rule.js';

export const ruleFailed: RuleDescription = {
  id: 'rule-failed',
  severity: 'error',
  summary: 'A rule broke while it judged the repository: what it had not come to is not judged.',
  layer: 'policy',
};

export const acceptMalformed: RuleDescription = {
  id: 'accept-malformed',
  severity: 'error',
  summary: 'An acceptance is not written as one, and accepts nothing.',
  layer: 'policy',
};

export const acceptExpired: RuleDescription = {
  id: 'accept-expired',
  severity: 'error',
  summary: 'The day until which a finding was accepted is past.',
  layer: 'policy',
};

export const acceptUnused: RuleDescription = {
  id: 'accept-unused',
  severity: 'warning',
  summary: 'An acceptance accepts nothing any more.',
  layer: 'policy',
};

export const ownRules: readonly RuleDescription[] = [ruleFailed, acceptMalformed, acceptExpired, acceptUnused];
