/** The playbook that a plan names, as this version has it. */
import { RolloutError } from '../plan/rollout-error.js';
import type { PlaybookUse } from '../plan/schema.js';
import type { Playbook } from '../playbooks/playbook.js';
import { resolvePlaybook } from '../playbooks/resolve.js';

/** @throws RolloutError planInvalid when there is none, or it does not take its parameters. */
export function requirePlaybook({ name, with: given }: PlaybookUse): {
  readonly playbook: Playbook;
  readonly parameters: unknown;
} {
  const resolved = resolvePlaybook(name, given);
  if (resolved.status === 'found') return resolved;
  throw new RolloutError('planInvalid', `playbook ${name}`, resolved.problems[0].what);
}
