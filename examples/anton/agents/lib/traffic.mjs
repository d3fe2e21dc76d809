/** Who talks to whom: the traffic of each chart beyond its own namespace, as rules of a CiliumNetworkPolicy. */

const from = {
  ingress: { fromEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'network' } }] },
  world: { fromEntities: ['world', 'cluster'] },
  apiServer: { fromEntities: ['kube-apiserver', 'remote-node'] },
  monitoring: { fromEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'monitoring' } }] },
  apps: { fromEntities: ['cluster'] },
};
const to = {
  apiServer: { toEntities: ['kube-apiserver'] },
  world: { toEntities: ['world'] },
  https: { toEntities: ['world'], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] },
  cluster: { toEntities: ['cluster', 'host', 'remote-node'] },
  ceph: { toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'rook-ceph' } }] },
};

const charts = {
  airflow: { in: ['ingress'], out: ['apiServer', 'https'] },
  alloy: { in: [], out: ['apiServer', 'cluster'] },
  'cert-manager': { in: ['apiServer'], out: ['apiServer', 'world'] },
  'cloudnative-pg': { in: ['apiServer'], out: ['apiServer', 'cluster'] },
  connect: { in: ['apps'], out: ['https'] },
  'external-dns': { in: [], out: ['apiServer', 'https'] },
  'external-secrets': { in: ['apiServer'], out: ['apiServer', 'https'] },
  immich: { in: ['ingress'], out: ['https'] },
  'ingress-nginx': { in: ['world'], out: ['apiServer', 'cluster'] },
  'k8s-gateway': { in: ['world'], out: ['apiServer'] },
  'kube-prometheus-stack': { in: ['ingress', 'apiServer'], out: ['apiServer', 'cluster', 'https'] },
  kubeai: { in: ['ingress'], out: ['apiServer', 'https'] },
  loki: { in: [], out: ['ceph'] },
  'uptime-kuma': { in: ['ingress'], out: ['world', 'cluster'] },
  velero: { in: [], out: ['apiServer', 'ceph'] },
};

/** `{in, out}`: names of rules for a release. An app-template release is let in if it has an ingress, out if it is the tunnel. */
export function trafficOf({ chart, name, values }) {
  if (chart === 'app-template') {
    return { in: values.ingress ? ['ingress'] : [], out: name === 'cloudflared' ? ['world', 'cluster'] : [] };
  }
  return charts[chart] ?? { in: [], out: ['apiServer'] };
}

/** The allow rules of one release. */
export function allowRules(release) {
  const traffic = trafficOf(release);
  return {
    ...(traffic.in.length && { ingress: traffic.in.map((name) => from[name]) }),
    ...(traffic.out.length && { egress: traffic.out.map((name) => to[name]) }),
  };
}
