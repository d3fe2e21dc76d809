/** Every playbook that a task of a plan can name. */
import type { Playbook } from './playbook.js';

export const playbooks: readonly Playbook[] = [];

export function findPlaybook(id: string): Playbook | undefined {
  return playbooks.find((one) => one.id === id);
}
