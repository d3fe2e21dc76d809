/** The playbook that a plan or a command names, with the parameters it is given; or what is wrong with that. */
import type { z } from 'zod';
import type { Playbook } from './playbook.js';
import { findPlaybook, playbooks } from './registry.js';

export interface PlaybookProblem {
  /** Below the use of the playbook: `name`, or `with` and the keys down to the parameter. */
  readonly path: readonly PropertyKey[];
  /** Goes on from `playbook <name>`: what is wrong, and what to do. */
  readonly what: string;
}

export type ResolvedPlaybook =
  | { readonly status: 'found'; readonly playbook: Playbook; readonly parameters: unknown }
  | { readonly status: 'refused'; readonly problems: readonly [PlaybookProblem, ...PlaybookProblem[]] };

/** Pure. The parameters come with the defaults of those that are not given. */
export function resolvePlaybook(name: string, given: unknown): ResolvedPlaybook {
  const playbook = findPlaybook(name);
  if (!playbook) return { status: 'refused', problems: [{ path: ['name'], what: notThere() }] };
  const parsed = playbook.parameters.safeParse(given);
  if (parsed.success) return { status: 'found', playbook, parameters: parsed.data };
  const [first, ...others] = parsed.error.issues.flatMap((issue) => problemsOf(name, issue));
  return { status: 'refused', problems: [first!, ...others] };
}

/** What is said of a name that no playbook has. */
export function notThere(): string {
  return `is not one of this version; use one of ${playbooks.map(({ id }) => id).join(', ')}`;
}

function problemsOf(name: string, issue: z.core.$ZodIssue): readonly PlaybookProblem[] {
  const problem = (keys: readonly PropertyKey[], why: string): PlaybookProblem => ({
    path: ['with', ...keys],
    what: `does not take ${keys.map(String).join('.') || 'these parameters'}: ${why}; see joinpoint playbook show ${name}`,
  });
  return issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => problem([...issue.path, key], 'there is no such parameter'))
    : [problem(issue.path, issue.message.charAt(0).toLowerCase() + issue.message.slice(1))];
}
