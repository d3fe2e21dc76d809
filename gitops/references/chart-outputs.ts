/**
 * What charts bring: definitions by their API groups (`*.istio.io` for all below), and classes by name. A chart that is not here may bring anything.
 * Sources: the charts' own `crds/` and templates (../shared/charts and ../shared/crds where they are there), and for
 * the rest their documentation.
 */
import { rookCephClusterObjects } from '../charts/rook-ceph-cluster.js';
import { fieldOf, fieldsOf, itemsOf, nonEmpty, valueAt } from '../manifests/fields.js';

export interface ChartOutputs {
  readonly groups: readonly string[];
  readonly classes?: (values: unknown, namespace: string) => readonly ClassOutput[];
}

export interface ClassOutput {
  readonly kind: 'StorageClass' | 'VolumeSnapshotClass';
  readonly name: string;
}

const none: ChartOutputs = { groups: [] };
const groups = (...names: readonly string[]): ChartOutputs => ({ groups: names });

const outputs: Readonly<Record<string, ChartOutputs>> = {
  'actions-runner-controller': groups('actions.summerwind.dev'),
  'gha-runner-scale-set-controller': groups('actions.github.com'),
  'gha-runner-scale-set': none,
  alloy: groups('monitoring.grafana.com'),
  'argo-cd': groups('argoproj.io'),
  'argo-workflows': groups('argoproj.io'),
  'ceph-csi-drivers': groups('csi.ceph.io'),
  'ceph-csi-operator': groups('csi.ceph.io'),
  'cert-manager': groups('cert-manager.io', 'acme.cert-manager.io'),
  cilium: groups('cilium.io'),
  'cloudnative-pg': groups('postgresql.cnpg.io'),
  'plugin-barman-cloud': groups('barmancloud.cnpg.io'),
  connect: groups('onepassword.com'),
  crossplane: groups('*.crossplane.io'),
  'csi-driver-nfs': { groups: [], classes: (values) => listedClasses(values, 'nfs-csi') },
  'democratic-csi': { groups: [], classes: (values) => listedClasses(values) },
  'dragonfly-operator': groups('dragonflydb.io'),
  'external-dns': groups('externaldns.k8s.io'),
  'external-secrets': groups('external-secrets.io', 'generators.external-secrets.io'),
  'external-snapshotter': groups('snapshot.storage.k8s.io', 'groupsnapshot.storage.k8s.io'),
  'snapshot-controller': {
    groups: ['snapshot.storage.k8s.io', 'groupsnapshot.storage.k8s.io'],
    classes: (values) => [...snapshotClasses(values), ...snapshotClasses(fieldOf(values, 'controller'))],
  },
  'flux-operator': groups('fluxcd.controlplane.io'),
  'gateway-helm': groups('gateway.envoyproxy.io', 'gateway.networking.k8s.io'),
  'grafana-operator': groups('grafana.integreatly.org'),
  'intel-device-plugins-operator': groups('deviceplugin.intel.com', 'fpga.intel.com'),
  'istio-base': groups('*.istio.io'),
  base: groups('*.istio.io'),
  keda: groups('keda.sh', 'eventing.keda.sh'),
  'kube-prometheus-stack': groups('monitoring.coreos.com'),
  'prometheus-operator-crds': groups('monitoring.coreos.com'),
  kubeai: groups('kubeai.org'),
  kyverno: groups('kyverno.io', '*.kyverno.io', 'wgpolicyk8s.io', 'openreports.io'),
  'local-path-provisioner': { groups: [], classes: (values) => [storageClassOf(values, 'local-path')].flat() },
  longhorn: { groups: ['longhorn.io'], classes: () => [{ kind: 'StorageClass', name: 'longhorn' }] },
  'mariadb-operator-crds': groups('k8s.mariadb.com'),
  'mariadb-operator': groups('k8s.mariadb.com'),
  metallb: groups('metallb.io'),
  nack: groups('jetstream.nats.io'),
  'nfs-subdir-external-provisioner': { groups: [], classes: (values) => storageClassOf(values, 'nfs-client') },
  'node-feature-discovery': groups('nfd.k8s-sigs.io'),
  openebs: {
    groups: ['openebs.io', '*.openebs.io'],
    classes: (values) => [
      ...storageClassOf(valueAt(values, ['localpv-provisioner', 'hostpathClass']), 'openebs-hostpath', 'name'),
      { kind: 'StorageClass', name: 'openebs-hostpath' },
    ],
  },
  'opentelemetry-operator': groups('opentelemetry.io'),
  'rook-ceph': groups('ceph.rook.io', 'objectbucket.io', 'csi.ceph.io'),
  'rook-ceph-cluster': {
    groups: [],
    classes: (values, namespace) =>
      rookCephClusterObjects(namespace, values).flatMap(({ key: { kind, name } }) =>
        kind === 'StorageClass' || kind === 'VolumeSnapshotClass' ? [{ kind, name }] : [],
      ),
  },
  'scylla-operator': groups('scylla.scylladb.com'),
  'sealed-secrets': groups('bitnami.com'),
  'silence-operator': groups('monitoring.giantswarm.io', 'observability.giantswarm.io'),
  'strimzi-kafka-operator': groups('kafka.strimzi.io', 'core.strimzi.io'),
  'system-upgrade-controller': groups('upgrade.cattle.io'),
  'tailscale-operator': groups('tailscale.com'),
  topolvm: { groups: ['topolvm.io'], classes: (values) => listedClasses(values) },
  traefik: groups('traefik.io', 'traefik.containo.us', 'hub.traefik.io'),
  'trust-manager': groups('trust.cert-manager.io'),
  'vault-secrets-operator': groups('secrets.hashicorp.com'),
  velero: groups('velero.io'),
  'victoria-metrics-operator': groups('operator.victoriametrics.com'),
  'victoria-metrics-k8s-stack': groups('operator.victoriametrics.com'),
  volsync: groups('volsync.backube'),
  vpa: groups('autoscaling.k8s.io'),
  'zalando-postgres-operator': groups('acid.zalan.do'),
  'postgres-operator': groups('acid.zalan.do'),
};

/** Charts of applications: they bring workloads and nothing that others name. */
const plain = new Set(
  [
    'airflow app-template bitnami blackbox-exporter coredns descheduler external-services falco falco-exporter',
    'flux-instance flux2 goldilocks grafana hajimari harbor hive-metastore immich ingress-nginx intel-device-plugins-gpu',
    'k8s-gateway k8tz kube-cleanup-operator kube-state-metrics kubernetes-dashboard loki loki-simple-scalable mailu',
    'metrics-server minecraft nats nginx node-problem-detector oauth2-proxy pod-gateway postgresql prometheus',
    'prometheus-blackbox-exporter prometheus-node-exporter prometheus-smartctl-exporter prometheus-snmp-exporter',
    'promtail raw rabbitmq redis reloader scylla spegel speedtest-exporter superset thanos trino uptime-kuma valkey vector',
  ].flatMap((names) => names.split(' ')),
);

/** Undefined for a chart that nobody looked into. */
export function chartOutputs(chart: string, values: unknown): ChartOutputs | undefined {
  const known = Object.hasOwn(outputs, chart) ? outputs[chart] : plain.has(chart) ? none : undefined;
  if (!known) return undefined;
  if (chart === 'app-template') return groups(...imagesOf(values).flatMap((image) => imageGroups(image)));
  return bringsDefinitions(chart, values) ? known : { ...known, groups: [] };
}

/** The switches that charts have for it; cert-manager's is off unless it is set. */
function bringsDefinitions(chart: string, values: unknown): boolean {
  const switches = [
    valueAt(values, ['crds', 'enabled']),
    valueAt(values, ['crds', 'install']),
    valueAt(values, ['crds', 'create']),
    fieldOf(values, 'installCRDs'),
  ];
  return chart === 'cert-manager' ? switches.includes(true) : !switches.includes(false);
}

/** Controllers that make their definitions themselves, by image: charts of plain workloads run them too. */
function imageGroups(image: string): readonly string[] {
  return image.endsWith('/system-upgrade-controller') ? ['upgrade.cattle.io'] : [];
}

/** Of the containers of app-template. */
function imagesOf(values: unknown): readonly string[] {
  return Object.values(fieldsOf(fieldOf(values, 'controllers'))).flatMap((controller) =>
    Object.values(fieldsOf(fieldOf(controller, 'containers'))).flatMap(
      (container) => nonEmpty(valueAt(container, ['image', 'repository'])) ?? [],
    ),
  );
}

/** `storageClasses: [{name}]`, or one `storageClass: {create, name}`. */
function listedClasses(values: unknown, byDefault?: string): readonly ClassOutput[] {
  const listed = itemsOf(fieldOf(values, 'storageClasses')).flatMap((item) => classNamed(fieldOf(item, 'name')));
  const single = valueAt(values, ['storageClass', 'create']) === true ? storageClassOf(values, byDefault ?? '') : [];
  return [...listed, ...single, ...snapshotClasses(values)];
}

function storageClassOf(values: unknown, byDefault: string, field?: string): readonly ClassOutput[] {
  const named = field === undefined ? valueAt(values, ['storageClass', 'name']) : fieldOf(values, field);
  return classNamed(nonEmpty(named) ?? byDefault);
}

function classNamed(name: unknown): readonly ClassOutput[] {
  const text = nonEmpty(name);
  return text === undefined ? [] : [{ kind: 'StorageClass', name: text }];
}

function snapshotClasses(values: unknown): readonly ClassOutput[] {
  return itemsOf(fieldOf(values, 'volumeSnapshotClasses')).flatMap((item) => {
    const name = nonEmpty(fieldOf(item, 'name'));
    return name === undefined ? [] : [{ kind: 'VolumeSnapshotClass', name } as const];
  });
}
