/** The network policies of a namespace: deny by default, a baseline, one policy per application, and what says so. */
import { openNamespaces } from '../../checks/lib/conventions.mjs';
import { Repository } from '../../checks/lib/repository.mjs';
import { addResource, template, write } from './apps.mjs';
import { allowRules, trafficOf } from './traffic.mjs';
import { render } from './yaml-file.mjs';

const policy = (name, spec) =>
  ['---', ...render({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name }, spec }), ''].join(
    '\n',
  );

/** Writes the policies of a namespace folder and lists them; reads the releases that are there now. */
export function protect({ name: namespace, file, object }) {
  const repository = new Repository();
  const folder = `kubernetes/apps/${namespace}/network-policies`;
  const policies = {
    'default-deny': template('7.1/default-deny.yaml'),
    'allow-baseline': template('7.1/allow-baseline.yaml'),
  };
  for (const release of repository.helmReleases().filter((one) => one.namespace === namespace)) {
    const rules = allowRules(release);
    if (Object.keys(rules).length === 0) continue;
    const endpointSelector = { matchLabels: { 'app.kubernetes.io/instance': release.name } };
    policies[`allow-${release.name}`] = policy(`allow-${release.name}`, { endpointSelector, ...rules });
  }
  // A database Pod belongs to no release: its operator watches it, and it reports to the API server.
  if (repository.ofKind('Cluster', 'postgresql.cnpg.io', `kubernetes/apps/${namespace}`).length)
    policies['allow-databases'] = template('7.1/allow-databases.yaml');

  for (const [name, text] of Object.entries(policies)) write(`${folder}/app/${name}.yaml`, text);
  const names = Object.keys(policies).sort();
  write(
    `${folder}/app/kustomization.yaml`,
    template('7.1/kustomization.yaml', { RESOURCES: names.map((name) => `- ./${name}.yaml`).join('\n') }),
  );
  const owner = repository.kustomizations().find(({ name }) => name === 'cilium');
  write(
    `${folder}/ks.yaml`,
    template('7.1/ks.yaml', {
      NAMESPACE: namespace,
      EFFECTIVE: object.namespace ?? 'flux-system',
      CILIUM: owner.namespace,
      NAME: object.namespace ? 'network-policies' : `network-policies-${namespace}`,
      INTERVAL: intervalOf(repository, namespace),
    }),
  );
  addResource(file, './network-policies/ks.yaml');
  return names;
}

/** Policies are as critical as what they protect. */
function intervalOf(repository, namespace) {
  const neighbour = repository.kustomizations().find(({ isRoot, target }) => !isRoot && target === namespace);
  return neighbour?.object.spec.interval ?? '30m';
}

/** The namespaces that deny by default, as they are now. */
export function closedNamespaces() {
  return new Repository().namespaces().filter(({ name }) => !openNamespaces.includes(name));
}

/** Writes the probes and the table of flows for all closed namespaces. */
export function describeTraffic() {
  const names = closedNamespaces().map(({ name }) => name);
  write('scripts/security/netpol-matrix.tsv', matrix(names));
  write(
    'docs/security/traffic-flows.md',
    template('7.1/traffic-flows.md', {
      TABLE: flows(names),
      OPEN: openNamespaces.map((name) => `\`${name}\``).join(', '),
    }),
  );
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
  const releases = new Repository().helmReleases();
  return names
    .flatMap((namespace) => {
      const rows = releases
        .filter((release) => release.namespace === namespace)
        .map((release) => {
          const { in: incoming, out } = trafficOf(release);
          return `| ${namespace} | ${release.name} | ${incoming.join(', ') || '-'} | ${out.join(', ') || '-'} |`;
        });
      return rows.length ? rows : [`| ${namespace} | (no release) | - | - |`];
    })
    .join('\n');
}
