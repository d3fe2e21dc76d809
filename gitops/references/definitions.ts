/** Names of custom resource definitions as targets, and which API groups are there without one. */

/** `Schedule.velero.io`; `*.velero.io` for all of a group, `*.*.istio.io` for all groups below. */
export function definitionName(group: string, kind: string): string {
  return `${kind}.${group}`;
}

/** The names under which something that brings whole groups may bring this definition. */
export function groupNames(name: string): readonly string[] {
  const [, ...group] = name.split('.');
  return [`*.${group.join('.')}`, `*.*.${group.slice(1).join('.')}`];
}

const kubernetes = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'extensions',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
]);

export function isKubernetesGroup(group: string): boolean {
  return kubernetes.has(group);
}

/** Groups that the platform or its installation commonly brings, where the files show nothing of it. */
export function isPlatformGroup(group: string): boolean {
  return ['gateway.networking.k8s.io', 'k8s.cni.cncf.io', 'talos.dev'].includes(group);
}
