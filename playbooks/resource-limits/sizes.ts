/**
 * How much a container gets where nothing was measured: `[cpu request, memory request, memory limit]`, by chart and key.
 * Source: what the owner of the Anton cluster settled on after seven months with these charts on three nodes
 * (wcygan/anton bf52eb1a and later); keys without a number of theirs have the default. No limits of CPU: they slow an
 * operator down and protect no node.
 */

export type Size = readonly [cpu: string, memory: string, memoryLimit: string];

export const defaultSize: Size = ['10m', '64Mi', '256Mi'];

export const sizes: Readonly<Record<string, Readonly<Record<string, Size>>>> = {
  alloy: { 'alloy.resources': ['50m', '256Mi', '600Mi'], 'configReloader.resources': ['10m', '50Mi', '128Mi'] },
  'cert-manager': {
    resources: ['10m', '32Mi', '128Mi'],
    'webhook.resources': ['10m', '32Mi', '64Mi'],
    'cainjector.resources': ['10m', '64Mi', '128Mi'],
    'startupapicheck.resources': ['10m', '32Mi', '64Mi'],
  },
  cilium: { resources: ['100m', '512Mi', '2Gi'], 'operator.resources': ['50m', '128Mi', '256Mi'] },
  'cloudnative-pg': { resources: ['50m', '128Mi', '256Mi'] },
  coredns: { resources: ['100m', '128Mi', '256Mi'] },
  'external-dns': { resources: ['10m', '64Mi', '128Mi'] },
  'external-secrets': {
    resources: ['10m', '64Mi', '256Mi'],
    'webhook.resources': ['10m', '32Mi', '128Mi'],
    'certController.resources': ['10m', '64Mi', '256Mi'],
  },
  'flux-instance': { 'instance.kustomize.patches': ['50m', '128Mi', '1Gi'] },
  immich: {
    'server.controllers.main.containers.main.resources': ['100m', '512Mi', '2Gi'],
    'machine-learning.controllers.main.containers.main.resources': ['100m', '512Mi', '4Gi'],
  },
  'ingress-nginx': {
    'controller.resources': ['100m', '256Mi', '500Mi'],
    'controller.admissionWebhooks.createSecretJob.resources': ['10m', '32Mi', '64Mi'],
    'controller.admissionWebhooks.patchWebhookJob.resources': ['10m', '32Mi', '64Mi'],
  },
  'k8s-gateway': { resources: ['50m', '64Mi', '128Mi'] },
  'kube-prometheus-stack': {
    'prometheus.prometheusSpec.resources': ['250m', '1Gi', '2Gi'],
    'alertmanager.alertmanagerSpec.resources': ['10m', '96Mi', '192Mi'],
    'prometheusOperator.resources': ['50m', '128Mi', '256Mi'],
    'prometheusOperator.admissionWebhooks.patch.resources': ['10m', '32Mi', '64Mi'],
    'kube-state-metrics.resources': ['10m', '64Mi', '256Mi'],
    'prometheus-node-exporter.resources': ['10m', '32Mi', '128Mi'],
    'grafana.resources': ['100m', '256Mi', '768Mi'],
    'grafana.sidecar.resources': ['10m', '96Mi', '192Mi'],
  },
  kubeai: { resources: ['50m', '64Mi', '256Mi'], 'open-webui.resources': ['100m', '512Mi', '1Gi'] },
  loki: { 'singleBinary.resources': ['250m', '512Mi', '2Gi'] },
  'metrics-server': { resources: ['10m', '64Mi', '128Mi'] },
  reloader: { 'reloader.deployment.resources': ['5m', '32Mi', '128Mi'] },
  'rook-ceph': { resources: ['250m', '256Mi', '1Gi'] },
  spegel: { resources: ['50m', '64Mi', '256Mi'] },
  velero: { resources: ['100m', '128Mi', '512Mi'], 'nodeAgent.resources': ['100m', '256Mi', '1Gi'] },
};
