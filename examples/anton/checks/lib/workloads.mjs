/**
 * Where each chart takes its resources, and how much its workloads get: `[cpu request, memory request, memory limit]`.
 * A key that a chart does not know is silently ignored by nearly all of them, so the paths matter.
 * There are no CPU limits: they throttle operators without protecting a node.
 */
const charts = {
  airflow: {
    webserver: ['200m', '512Mi', '2Gi'],
    scheduler: ['200m', '512Mi', '2Gi'],
    workers: ['200m', '512Mi', '2Gi'],
    triggerer: ['100m', '256Mi', '1Gi'],
    statsd: ['10m', '32Mi', '128Mi'],
    createUserJob: ['50m', '256Mi', '1Gi'],
    migrateDatabaseJob: ['50m', '256Mi', '1Gi'],
    'postgresql.primary': ['100m', '256Mi', '1Gi'],
  },
  alloy: { alloy: ['50m', '256Mi', '600Mi'], configReloader: ['10m', '50Mi', '128Mi'] },
  'cert-manager': {
    '': ['10m', '32Mi', '128Mi'],
    webhook: ['10m', '32Mi', '64Mi'],
    cainjector: ['10m', '64Mi', '128Mi'],
    startupapicheck: ['10m', '32Mi', '64Mi'],
  },
  cilium: { '': ['100m', '512Mi', '2Gi'], operator: ['50m', '128Mi', '256Mi'] },
  'cloudnative-pg': { '': ['50m', '128Mi', '256Mi'] },
  connect: { 'connect.api': ['10m', '64Mi', '128Mi'], 'connect.sync': ['10m', '64Mi', '128Mi'] },
  coredns: { '': ['100m', '128Mi', '256Mi'] },
  'external-dns': { '': ['10m', '64Mi', '128Mi'] },
  'external-secrets': {
    '': ['10m', '64Mi', '256Mi'],
    webhook: ['10m', '32Mi', '128Mi'],
    certController: ['10m', '64Mi', '256Mi'],
  },
  'flux-operator': { '': ['10m', '64Mi', '256Mi'] },
  immich: {
    'server.controllers.main.containers.main': ['100m', '512Mi', '2Gi'],
    'machine-learning.controllers.main.containers.main': ['100m', '512Mi', '4Gi'],
    'valkey.controllers.main.containers.main': ['10m', '64Mi', '256Mi'],
  },
  'ingress-nginx': {
    controller: ['100m', '256Mi', '500Mi'],
    'controller.admissionWebhooks.createSecretJob': ['10m', '32Mi', '64Mi'],
    'controller.admissionWebhooks.patchWebhookJob': ['10m', '32Mi', '64Mi'],
  },
  'k8s-gateway': { '': ['50m', '64Mi', '128Mi'] },
  'kube-prometheus-stack': {
    'alertmanager.alertmanagerSpec': ['10m', '96Mi', '192Mi'],
    grafana: ['100m', '256Mi', '768Mi'],
    'grafana.sidecar': ['10m', '96Mi', '192Mi'],
    'kube-state-metrics': ['10m', '64Mi', '256Mi'],
    'prometheus-node-exporter': ['10m', '32Mi', '128Mi'],
    'prometheus.prometheusSpec': ['250m', '1Gi', '2Gi'],
    prometheusOperator: ['50m', '128Mi', '256Mi'],
    'prometheusOperator.admissionWebhooks.patch': ['10m', '32Mi', '64Mi'],
  },
  kubeai: { '': ['50m', '64Mi', '256Mi'], 'open-webui': ['100m', '512Mi', '1Gi'] },
  loki: { singleBinary: ['250m', '512Mi', '2Gi'] },
  'metrics-server': { '': ['10m', '64Mi', '128Mi'] },
  reloader: { 'reloader.deployment': ['5m', '32Mi', '128Mi'] },
  'rook-ceph': { '': ['250m', '256Mi', '1Gi'] },
  'rook-ceph-cluster': {
    'cephClusterSpec.resources.mon': ['250m', '512Mi', '2Gi'],
    'cephClusterSpec.resources.mgr': ['250m', '512Mi', '2Gi'],
    'cephClusterSpec.resources.osd': ['500m', '2Gi', '6Gi'],
    toolbox: ['10m', '64Mi', '256Mi'],
  },
  'snapshot-controller': { controller: ['10m', '32Mi', '128Mi'] },
  spegel: { '': ['50m', '64Mi', '256Mi'] },
  'uptime-kuma': { '': ['20m', '128Mi', '512Mi'] },
  velero: { '': ['100m', '128Mi', '512Mi'], nodeAgent: ['100m', '256Mi', '1Gi'] },
};

/**
 * The workloads of a release: the path of the key that takes the resources, and the sizes.
 * Charts that are not in the table must have resources at the top of their values.
 */
export function workloadsOf({ chart, values }) {
  if (chart === 'app-template') return appTemplateWorkloads(values);
  if (chart === 'flux-instance')
    return [{ path: ['instance', 'kustomize', 'patches'], isPatch: true, sizes: ['50m', '128Mi', '1Gi'] }];
  return Object.entries(charts[chart] ?? { '': ['10m', '64Mi', '256Mi'] }).map(([path, sizes]) => ({
    path: resourcesPath(path),
    sizes,
  }));
}

function resourcesPath(path) {
  if (path.includes('.resources.')) return path.split('.');
  return path ? [...path.split('.'), 'resources'] : ['resources'];
}

function appTemplateWorkloads(values) {
  return Object.entries(values.controllers ?? {}).flatMap(([controller, { containers = {} }]) =>
    Object.keys(containers).map((container) => ({
      path: ['controllers', controller, 'containers', container, 'resources'],
      sizes: ['10m', '32Mi', '256Mi'],
    })),
  );
}

/**
 * What a container's resources lack. A limit without a request is no lack:
 * the API server makes the request equal to the limit when it creates the Pod.
 */
export function lacking(resources) {
  const { requests = {}, limits = {} } = resources ?? {};
  const cpu = requests?.cpu ?? limits?.cpu;
  const memory = requests?.memory ?? limits?.memory;
  return [!cpu && 'requests.cpu', !memory && 'requests.memory', !limits?.memory && 'limits.memory'].filter(Boolean);
}
