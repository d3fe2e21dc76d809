/** Every playbook that a task of a plan can name. */
import { fluxStandardization } from './flux-standardization/playbook.js';
import { monitoring } from './monitoring/playbook.js';
import type { Playbook } from './playbook.js';
import { resourceLimits } from './resource-limits/playbook.js';
import { sopsToExternalSecrets } from './sops-to-external-secrets/playbook.js';

export const playbooks: readonly Playbook[] = [fluxStandardization, resourceLimits, sopsToExternalSecrets, monitoring];

export function findPlaybook(id: string): Playbook | undefined {
  return playbooks.find((one) => one.id === id);
}
