/** Network Policies: nothing may talk to anything, except what is written down. */
import { chmodSync } from 'node:fs';
import { openNamespaces } from '../../checks/lib/conventions.mjs';
import { template, write } from '../lib/apps.mjs';
import { closedNamespaces, describeTraffic, protect } from '../lib/network-policies.mjs';

export default function denyByDefault() {
  const namespaces = closedNamespaces();
  const policies = namespaces.flatMap(protect);
  describeTraffic();
  write('scripts/security/netpol-test.sh', template('7.1/netpol-test.sh'));
  chmodSync('scripts/security/netpol-test.sh', 0o755);
  return {
    summary: `${policies.length} policies in ${namespaces.length} namespaces; ${openNamespaces.join(', ')} stay open.`,
    notes: [
      'A policy can cut Flux off its own repository. The way back without Flux: docs/runbooks/rollback.md, step 4.',
    ],
  };
}
