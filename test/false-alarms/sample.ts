/** Which findings a seed draws: the same ones whatever other rules report, and whatever their messages say. */
import { createHash } from 'node:crypto';

/** Recorded in findings.json; another one draws others. */
export const seed = 20_250_630;

const atMost = { error: 30, warning: 10, info: 10 } as const;

export interface DrawnFinding {
  /** Rule and a hash of the place and the subject: stays when a message is worded anew. */
  readonly id: string;
  readonly rule: string;
  /** The rule's; a finding's own may be milder. */
  readonly ruleSeverity: 'error' | 'warning' | 'info';
  readonly severity: 'error' | 'warning' | 'info';
  readonly repository: string;
  /** Relative to the repository. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly subject: string;
  readonly message: string;
}

type Candidate = Omit<DrawnFinding, 'id'>;

/** 30 of each rule of severity error, 10 of each other, all where there are fewer; in the order of the candidates. */
export function drawFrom(candidates: readonly Candidate[]): readonly DrawnFinding[] {
  const findings = withIds(candidates);
  const rules = [...new Set(findings.map(({ rule }) => rule))].toSorted();
  return rules.flatMap((rule) => {
    const all = findings.filter((finding) => finding.rule === rule);
    const chosen = all.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, atMost[all[0]!.ruleSeverity]);
    return all.filter((finding) => chosen.includes(finding));
  });
}

/** Two findings of one rule, place and subject are numbered in their order. */
export function withIds(candidates: readonly Candidate[]): readonly DrawnFinding[] {
  const seen = new Map<string, number>();
  return candidates.map((finding) => {
    const { rule, repository, file, line, column, subject } = finding;
    const hash = digest([repository, file, line, column, subject].join('\n')).slice(0, 8);
    const times = (seen.get(rule + hash) ?? 0) + 1;
    seen.set(rule + hash, times);
    return { id: `${rule}/${hash}${times > 1 ? `-${times}` : ''}`, ...finding };
  });
}

function rank({ id }: DrawnFinding): string {
  return digest(`${seed}\n${id}`);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
