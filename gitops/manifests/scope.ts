/** Which kinds have no namespace: Kubernetes' own, and custom resources that are common in GitOps repositories. */
import { fieldOf, nonEmpty } from './fields.js';
import type { Manifest } from './manifest.js';

/** Those that kustomize knows, too: it leaves their namespace alone. */
const knownToKustomize: Readonly<Record<string, readonly string[]>> = {
  '': ['ComponentStatus', 'Namespace', 'Node', 'PersistentVolume'],
  'admissionregistration.k8s.io': [
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
  ],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'apiregistration.k8s.io': ['APIService'],
  'certificates.k8s.io': ['CertificateSigningRequest'],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'networking.k8s.io': ['IngressClass'],
  'node.k8s.io': ['RuntimeClass'],
  policy: ['PodSecurityPolicy'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
  'scheduling.k8s.io': ['PriorityClass'],
  'storage.k8s.io': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment'],
};

/** Others: the definitions of custom ones seldom stand in a repository, since charts bring them. */
const unknownToKustomize: Readonly<Record<string, readonly string[]>> = {
  'admissionregistration.k8s.io': ['MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding'],
  'cert-manager.io': ['ClusterIssuer'],
  'cilium.io': [
    'CiliumBGPAdvertisement',
    'CiliumBGPClusterConfig',
    'CiliumBGPNodeConfig',
    'CiliumBGPNodeConfigOverride',
    'CiliumBGPPeerConfig',
    'CiliumBGPPeeringPolicy',
    'CiliumCIDRGroup',
    'CiliumClusterwideEnvoyConfig',
    'CiliumClusterwideNetworkPolicy',
    'CiliumEgressGatewayPolicy',
    'CiliumExternalWorkload',
    'CiliumIdentity',
    'CiliumL2AnnouncementPolicy',
    'CiliumLoadBalancerIPPool',
    'CiliumNode',
    'CiliumPodIPPool',
  ],
  'certificates.k8s.io': ['ClusterTrustBundle'],
  'deviceplugin.intel.com': ['GpuDevicePlugin'],
  'external-secrets.io': ['ClusterExternalSecret', 'ClusterPushSecret', 'ClusterSecretStore'],
  'gateway.networking.k8s.io': ['GatewayClass'],
  'generators.external-secrets.io': ['ClusterGenerator'],
  'groupsnapshot.storage.k8s.io': ['VolumeGroupSnapshotClass', 'VolumeGroupSnapshotContent'],
  'keda.sh': ['ClusterTriggerAuthentication'],
  'kyverno.io': ['ClusterPolicy', 'ClusterCleanupPolicy'],
  'monitoring.giantswarm.io': ['Silence'],
  'networking.k8s.io': ['IPAddress', 'ServiceCIDR'],
  'nfd.k8s-sigs.io': ['NodeFeatureRule', 'NodeFeatureGroup'],
  'objectbucket.io': ['ObjectBucket'],
  'policy.networking.k8s.io': ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'],
  'postgresql.cnpg.io': ['ClusterImageCatalog'],
  'resource.k8s.io': ['DeviceClass', 'ResourceSlice'],
  'snapshot.storage.k8s.io': ['VolumeSnapshotClass', 'VolumeSnapshotContent'],
  'storage.k8s.io': ['VolumeAttributesClass'],
  'tailscale.com': ['Connector', 'DNSConfig', 'ProxyClass', 'ProxyGroup', 'Recorder', 'Tailnet'],
  'wgpolicyk8s.io': ['ClusterPolicyReport'],
};

const kustomizeKinds = kindSet(knownToKustomize);
const otherKinds = kindSet(unknownToKustomize);

/** Of any other kind kustomize thinks that it has a namespace, and sets one. */
export function kustomizeLeavesNamespace(group: string, kind: string): boolean {
  return kustomizeKinds.has(`${group}/${kind}`);
}

/** Which kinds have no namespace in the cluster: the known ones, and those whose definition in the tree says so. */
export class Scope {
  private readonly declared: ReadonlyMap<string, boolean>;

  constructor(manifests: readonly Manifest[] = []) {
    this.declared = new Map(manifests.flatMap(declaration));
  }

  isSame({ declared }: Scope): boolean {
    return (
      this.declared.size === declared.size && [...declared].every(([kind, wide]) => this.declared.get(kind) === wide)
    );
  }

  isClusterWide(group: string, kind: string): boolean {
    const key = `${group}/${kind}`;
    return this.declared.get(key) ?? (kustomizeKinds.has(key) || otherKinds.has(key));
  }
}

function declaration({ id, value }: Manifest): readonly (readonly [string, boolean])[] {
  if (id.kind !== 'CustomResourceDefinition') return [];
  const spec = fieldOf(value, 'spec');
  const group = nonEmpty(fieldOf(spec, 'group'));
  const kind = nonEmpty(fieldOf(fieldOf(spec, 'names'), 'kind'));
  return group && kind ? [[`${group}/${kind}`, fieldOf(spec, 'scope') === 'Cluster'] as const] : [];
}

function kindSet(kinds: Readonly<Record<string, readonly string[]>>): ReadonlySet<string> {
  return new Set(Object.entries(kinds).flatMap(([group, names]) => names.map((kind) => `${group}/${kind}`)));
}
