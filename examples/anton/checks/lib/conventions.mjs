/** The conventions that the plan introduces: what agents write and checks look for, in one place. */

/** Reconciliation by criticality: the first interval is the one to write, the others are accepted. */
export const classes = {
  critical: { namespaces: ['flux-system', 'kube-system', 'cert-manager', 'external-secrets'], intervals: ['5m'] },
  core: {
    namespaces: ['network', 'monitoring', 'storage', 'database', 'cnpg-system', 'rook-ceph', 'velero'],
    intervals: ['15m'],
  },
  apps: { namespaces: [], intervals: ['30m', '1h'] },
};

export function classOf(namespace) {
  return Object.keys(classes).find((name) => classes[name].namespaces.includes(namespace)) ?? 'apps';
}

/** Charts whose uninstallation takes data along: Helm must not uninstall them between two attempts to install. */
export const neverUninstalled = ['external-secrets', 'cloudnative-pg', 'rook-ceph', 'rook-ceph-cluster'];

/** Who has to be there first: objects or text on the left need the Kustomization that applies the provider. */
export const providers = [
  { needs: 'a CloudNativePG cluster', api: 'postgresql.cnpg.io', chart: 'cloudnative-pg' },
  { needs: 'a Dragonfly instance', api: 'dragonflydb.io', kustomization: 'dragonfly-operator' },
  { needs: 'a KubeAI model', api: 'kubeai.org', chart: 'kubeai' },
  { needs: 'a synced secret', api: 'external-secrets.io', chart: 'external-secrets' },
  { needs: 'a local volume', text: /storageClass(Name)?: "?local-path/, kustomization: 'local-path-provisioner' },
  { needs: 'a Ceph volume', text: /storageClass(Name)?: "?ceph-/, kustomization: 'rook-ceph-cluster' },
];

/** Namespaces that stay open: a policy there can cut the cluster off its own control loops. */
export const openNamespaces = ['kube-system', 'rook-ceph', 'flux-system'];

/** The Pod Security level that a namespace can bear; warnings and audit are a step stricter. */
export const podSecurity = {
  privileged: ['kube-system', 'rook-ceph', 'storage', 'velero', 'monitoring'],
  baseline: [],
};

export function podSecurityLevels(namespace) {
  const enforce = podSecurity.privileged.includes(namespace) ? 'privileged' : 'baseline';
  const stricter = enforce === 'privileged' ? 'privileged' : 'restricted';
  return { enforce, audit: stricter, warn: stricter };
}
