/** What well-known remote bases bring: a build cannot fetch them, yet their objects are no secret. */

export interface RemoteOutputs {
  readonly groups: readonly string[];
  readonly storageClasses: readonly string[];
}

const known: readonly (readonly [pattern: RegExp, groups: string, storageClasses?: string])[] = [
  [/rancher\/local-path-provisioner/i, '', 'local-path'],
  [/dragonflydb\/dragonfly-operator/i, 'dragonflydb.io'],
  [/kubernetes-csi\/external-snapshotter/i, 'snapshot.storage.k8s.io groupsnapshot.storage.k8s.io'],
  [/kubernetes-sigs\/gateway-api/i, 'gateway.networking.k8s.io'],
  [/kubernetes-sigs\/external-dns/i, 'externaldns.k8s.io'],
  [/(?:cert-manager|jetstack)\/cert-manager/i, 'cert-manager.io acme.cert-manager.io'],
  [/prometheus-operator\/prometheus-operator/i, 'monitoring.coreos.com'],
  [/prometheus-community\/helm-charts/i, 'monitoring.coreos.com'],
  [/cloudnative-pg\/(?:cloudnative-pg|charts)/i, 'postgresql.cnpg.io'],
  [/rook\/rook/i, 'ceph.rook.io objectbucket.io'],
  [/kyverno\/kyverno/i, 'kyverno.io wgpolicyk8s.io'],
  [/external-secrets\/external-secrets/i, 'external-secrets.io generators.external-secrets.io'],
  [/fluxcd\/flux2/i, ''],
  [/k8snetworkplumbingwg\/(?:multus-cni|network-attachment-definition-client)/i, 'k8s.cni.cncf.io'],
  [/rancher\/system-upgrade-controller/i, 'upgrade.cattle.io'],
  [/vmware-tanzu\/velero|velero-io\/velero/i, 'velero.io'],
  [/metallb\/metallb/i, 'metallb.io'],
  [/longhorn\/longhorn/i, 'longhorn.io', 'longhorn'],
  [/backube\/volsync/i, 'volsync.backube'],
  [/kedacore\/keda/i, 'keda.sh eventing.keda.sh'],
  [/kubernetes-sigs\/node-feature-discovery/i, 'nfd.k8s-sigs.io'],
  [/kubernetes-sigs\/metrics-server/i, ''],
  [/movetokube\/postgres-operator/i, 'db.movetokube.com'],
  [/cilium\/cilium/i, 'cilium.io'],
  [/controlplaneio-fluxcd\/flux-operator/i, 'fluxcd.controlplane.io'],
];

/** Undefined for one that is not known; it may bring anything. */
export function remoteOutputs(url: string): RemoteOutputs | undefined {
  const found = known.find(([pattern]) => pattern.test(url));
  if (!found) return undefined;
  const [, groups, storageClasses = ''] = found;
  return { groups: words(groups), storageClasses: words(storageClasses) };
}

/** Addresses of known remote bases in a text that the model does not read: machine configurations, task files. */
export function mentionedRemotes(text: string): readonly string[] {
  if (!text.includes('://')) return [];
  const code = text.replaceAll(/^\s*#.*$/gm, '');
  return [...code.matchAll(/https?:\/\/[^\s"']+/g)].flatMap(([url]) =>
    /\.ya?ml$|\?ref=/.test(url) && remoteOutputs(url) ? [url] : [],
  );
}

function words(text: string): readonly string[] {
  return text === '' ? [] : text.split(' ');
}
