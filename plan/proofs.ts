/** Numbers a plan's proofs and splits them into commands and people's ticks. */
import type { Check } from '../gates/check.js';
import { durationMs } from './duration.js';
import type { TickItem } from './question.js';
import type { Gate, Plan, PlaybookUse, Proof } from './schema.js';

/** Two minutes: a check that needs longer says so in the plan (design.md, Waiting). */
export const defaultCheckMs = 120_000;

export interface Proofs {
  readonly checks: readonly Check[];
  readonly ticks: readonly TickItem[];
}

/** Ids are the prefix and the place in the plan: `1.1/d3` is the third deliverable of task 1.1. */
export function proofsOf(proofs: readonly Proof[], prefix: string): Proofs {
  const checks: Check[] = [];
  const ticks: TickItem[] = [];
  proofs.forEach((proof, at) => {
    const id = `${prefix}${at + 1}`;
    if ('run' in proof)
      checks.push({
        id,
        title: proof.title,
        run: proof.run,
        timeoutMs: proof.timeout ? durationMs(proof.timeout) : defaultCheckMs,
        rule: 'mustPass',
      });
    else if ('playbook' in proof)
      checks.push({
        id,
        title: proof.title,
        run: playbookCheckCommand(proof.playbook),
        builtIn: proof.playbook,
        timeoutMs: 0,
        rule: 'mustPass',
      });
    else ticks.push({ id, title: proof.title, evidence: proof.person });
  });
  return { checks, ticks };
}

function playbookCheckCommand({ name, with: parameters }: PlaybookUse): string {
  const given = JSON.stringify(parameters);
  return `joinpoint playbook check ${name}${given === '{}' ? '' : ` --with '${given.replaceAll("'", String.raw`'\''`)}'`}`;
}

/** Gates are compared with the base: only a regression fails. */
export function gateChecks(gates: readonly Gate[]): readonly Check[] {
  return gates.map(({ name, title, run, control, timeout }) => ({
    id: name,
    title: title ?? name,
    run,
    ...(control && { control }),
    timeoutMs: timeout ? durationMs(timeout) : defaultCheckMs,
    rule: 'noWorse' as const,
  }));
}

/** The plan's checks of files alone, and the linter's unless the plan turns it off. */
export function staticChecksOf({ staticChecks, lint }: Pick<Plan, 'staticChecks' | 'lint'>): readonly Check[] {
  return [...(lint ? [lintCheck] : []), ...gateChecks(staticChecks)];
}

export const lintCheckId = 'joinpoint-lint';

const lintCheck: Check = {
  id: lintCheckId,
  title: 'Nothing new that joinpoint lint calls an error',
  run: 'joinpoint lint --since BASE',
  builtIn: 'lint',
  timeoutMs: 0,
  rule: 'noWorse',
};
