/** Operational Automation: scripts that look, rules that look ahead, runbooks that are short enough to be read. */
import { chmodSync, readdirSync } from 'node:fs';
import { addResource, place } from '../lib/apps.mjs';

export default function automateOperations() {
  place('6.2');
  for (const script of readdirSync('scripts/ops')) chmodSync(`scripts/ops/${script}`, 0o755);
  addResource('kubernetes/apps/monitoring/kube-prometheus-stack/config/kustomization.yaml', './capacity.yaml');
  return { summary: 'Three scripts, three alerts that look a month ahead, and runbooks for rollback and slowness.' };
}
