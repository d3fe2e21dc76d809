/** Network Policies: nothing may talk to anything, except what is written down. */
import { chmodSync } from 'node:fs';
import { openNamespaces } from '../../checks/lib/conventions.mjs';
import { Repository } from '../../checks/lib/repository.mjs';
import { template, write } from '../lib/apps.mjs';
import { protect } from '../lib/network-policies.mjs';
import { trafficOf } from '../lib/traffic.mjs';

export default function denyByDefault() {
  const namespaces = new Repository().namespaces().filter(({ name }) => !openNamespaces.includes(name));
  const count = namespaces.map(protect).flat().length;
  const names = namespaces.map(({ name }) => name);
  write('scripts/security/netpol-test.sh', template('7.1/netpol-test.sh'));
  chmodSync('scripts/security/netpol-test.sh', 0o755);
  write('scripts/security/netpol-matrix.tsv', matrix(names));
  write('docs/security/traffic-flows.md', template('7.1/traffic-flows.md', { TABLE: flows(names), OPEN: openNamespaces.map((name) => `\`${name}\``).join(', ') }));
  return {
    summary: `${count} policies in ${names.length} namespaces; ${openNamespaces.join(', ')} stay open.`,
    notes: ['A policy can cut Flux off its own repository. The way back without Flux: docs/runbooks/rollback.md, step 4.'],
  };
}

/** What has to be reachable from a probe in each namespace, and what must not be. */
function matrix(names) {
  const rows = names.flatMap((name) => [
    [name, 'kube-dns.kube-system.svc.cluster.local', 53, 'allow'],
    [name, 'kubernetes.default.svc.cluster.local', 443, 'deny'],
    [name, '1.1.1.1', 443, 'deny'],
  ]);
  return `${[['namespace', 'host', 'port', 'expect'], ...rows].map((row) => row.join('\t')).join('\n')}\n`;
}

function flows(names) {
  return names
    .flatMap((namespace) => {
      const releases = new Repository().helmReleases().filter((release) => release.namespace === namespace);
      const rows = releases.map((release) => {
        const { in: incoming, out } = trafficOf(release);
        return `| ${namespace} | ${release.name} | ${incoming.join(', ') || '-'} | ${out.join(', ') || '-'} |`;
      });
      return rows.length ? rows : [`| ${namespace} | (no release) | - | - |`];
    })
    .join('\n');
}
