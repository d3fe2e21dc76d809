/**
 * Where charts read `resources` from. Each key was set and seen in what the chart renders (see the source's table);
 * defaults and switches are of the charts' values.yaml at both of its versions. Keys of cilium are from its own
 * description, those of app-template before 2, and of kubeai's Open WebUI, from their values.yaml.
 * Source: rendering of the charts with Helm 3.22.0, 2026-08; templates of app-template, 2.0.3 to 4.1.1, and, for the
 * keys that are not read, of kube-prometheus-stack 88.5.3.
 */
import type { ChartResources, ResourceKey, Switch } from './chart-resources.js';

const key = (path: string, more: Omit<ResourceKey, 'path'> = {}): ResourceKey => ({ path: path.split('.'), ...more });
const on = (path: string): Switch => ({ path: path.split('.'), byDefault: true });
const off = (path: string): Switch => ({ path: path.split('.'), byDefault: false });
const unused = (path: string, instead: string) => ({ path: path.split('.'), instead });

const grafanaKeys = (prefix: string, hasSidecars: boolean): readonly ResourceKey[] => [
  key(`${prefix}resources`),
  ...['dashboards', 'datasources'].map((sidecar) =>
    key(`${prefix}sidecar.resources`, {
      when: [{ path: `${prefix}sidecar.${sidecar}.enabled`.split('.'), byDefault: hasSidecars }],
    }),
  ),
  key(`${prefix}initChownData.resources`, {
    when: [off(`${prefix}persistence.enabled`), on(`${prefix}initChownData.enabled`)],
    isOptional: true,
  }),
];

export const resourceTable: readonly ChartResources[] = [
  {
    chart: 'cert-manager',
    keys: [
      key('resources'),
      key('webhook.resources'),
      key('cainjector.resources', { when: [on('cainjector.enabled')] }),
      key('startupapicheck.resources', { isOptional: true }),
    ],
  },
  {
    chart: 'cilium',
    keys: [
      key('resources'),
      key('operator.resources', { when: [on('operator.enabled')] }),
      key('hubble.relay.resources', { when: [on('hubble.enabled'), off('hubble.relay.enabled')] }),
      key('hubble.ui.frontend.resources', { when: [on('hubble.enabled'), off('hubble.ui.enabled')] }),
      key('hubble.ui.backend.resources', { when: [on('hubble.enabled'), off('hubble.ui.enabled')] }),
      key('envoy.resources', { isOptional: true }),
    ],
  },
  {
    chart: 'coredns',
    keys: [
      key('resources', {
        defaults: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '100m', memory: '128Mi' } },
      }),
      key('autoscaler.resources', {
        when: [off('autoscaler.enabled')],
        defaults: { requests: { cpu: '20m', memory: '10Mi' }, limits: { cpu: '20m', memory: '10Mi' } },
      }),
    ],
  },
  {
    chart: 'ingress-nginx',
    keys: [
      key('controller.resources', { defaults: { requests: { cpu: '100m', memory: '90Mi' } } }),
      key('defaultBackend.resources', { when: [off('defaultBackend.enabled')] }),
      key('controller.admissionWebhooks.createSecretJob.resources', { isOptional: true }),
      key('controller.admissionWebhooks.patchWebhookJob.resources', { isOptional: true }),
    ],
  },
  {
    chart: 'external-dns',
    keys: [
      key('resources'),
      key('provider.webhook.resources', { when: [{ path: ['provider', 'name'], byDefault: false, is: 'webhook' }] }),
    ],
  },
  {
    chart: 'metrics-server',
    versions: { from: '3.11' },
    keys: [
      key('resources', { defaults: { requests: { cpu: '100m', memory: '200Mi' } } }),
      key('addonResizer.resources', {
        when: [off('addonResizer.enabled')],
        defaults: { requests: { cpu: '40m', memory: '25Mi' }, limits: { cpu: '40m', memory: '25Mi' } },
      }),
    ],
  },
  // No default before: of its history, not rendered.
  { chart: 'metrics-server', versions: { before: '3.11' }, keys: [key('resources')] },
  { chart: 'reloader', keys: [key('reloader.deployment.resources')] },
  {
    chart: 'spegel',
    keys: [key('resources', { defaults: { requests: { memory: '128Mi' }, limits: { memory: '128Mi' } } })],
    unused: [unused('spegel.resources', 'resources, at the top level')],
  },
  { chart: 'k8s-gateway', keys: [key('resources')] },
  {
    chart: 'flux-operator',
    keys: [
      key('resources', {
        defaults: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '1000m', memory: '1Gi' } },
      }),
    ],
  },
  {
    chart: 'flux-instance',
    keys: [],
    otherWay: 'instance.kustomize.patches, on the containers called manager of its Deployments',
    unused: [
      unused('resources', 'a patch on the containers called manager, in instance.kustomize.patches'),
      unused('instance.resources', 'a patch on the containers called manager, in instance.kustomize.patches'),
    ],
  },
  {
    chart: 'external-secrets',
    keys: [
      key('resources'),
      key('webhook.resources', { when: [on('webhook.create')] }),
      key('certController.resources', { when: [on('certController.create')] }),
    ],
  },
  {
    chart: 'connect',
    keys: [
      key('connect.api.resources', {
        when: [on('connect.create')],
        defaults: { requests: { cpu: '0.2' }, limits: { memory: '128Mi' } },
      }),
      key('connect.sync.resources', { when: [on('connect.create')] }),
      key('operator.resources', { when: [off('operator.create')] }),
    ],
  },
  {
    chart: 'kube-prometheus-stack',
    keys: [
      key('prometheus.prometheusSpec.resources', { when: [on('prometheus.enabled')] }),
      key('alertmanager.alertmanagerSpec.resources', { when: [on('alertmanager.enabled')] }),
      key('prometheusOperator.resources', { when: [on('prometheusOperator.enabled')] }),
      key('kube-state-metrics.resources', { when: [on('kubeStateMetrics.enabled')] }),
      key('prometheus-node-exporter.resources', { when: [on('nodeExporter.enabled')] }),
      ...grafanaKeys('grafana.', true).map((one) => ({ ...one, when: [on('grafana.enabled'), ...(one.when ?? [])] })),
      key('prometheusOperator.prometheusConfigReloader.resources', { isOptional: true }),
      key('prometheusOperator.admissionWebhooks.patch.resources', { isOptional: true }),
    ],
    unused: [
      unused('prometheus.resources', 'prometheus.prometheusSpec.resources'),
      unused('alertmanager.resources', 'alertmanager.alertmanagerSpec.resources'),
      unused('kubeStateMetrics.resources', 'kube-state-metrics.resources'),
      unused('nodeExporter.resources', 'prometheus-node-exporter.resources'),
    ],
  },
  { chart: 'grafana', versions: { from: '9' }, keys: grafanaKeys('', false) },
  { chart: 'kube-state-metrics', versions: { from: '5' }, keys: [key('resources')] },
  { chart: 'prometheus-node-exporter', versions: { from: '4.46' }, keys: [key('resources')] },
  { chart: 'cloudnative-pg', keys: [key('resources')] },
  {
    chart: 'kubeai',
    keys: [key('resources'), key('open-webui.resources', { when: [on('open-webui.enabled')] })],
  },
  {
    chart: 'rook-ceph',
    versions: { from: '1.20' },
    keys: [
      key('resources', { defaults: { requests: { cpu: '200m', memory: '128Mi' }, limits: { memory: '512Mi' } } }),
      key('ceph-csi-operator.controllerManager.manager.resources', { isOptional: true }),
    ],
    unused: ['RBDProvisioner', 'RBDPlugin', 'CephFSProvisioner', 'CephFSPlugin', 'NFSProvisioner', 'NFSPlugin'].map(
      (driver) =>
        unused(`csi.csi${driver}Resource`, 'the values of chart ceph-csi-drivers, which Rook needs from 1.20'),
    ),
  },
  {
    chart: 'rook-ceph',
    versions: { from: '1.9', before: '1.20' },
    keys: [key('resources', { defaults: { requests: { cpu: '200m', memory: '128Mi' }, limits: { memory: '512Mi' } } })],
    unused: ['RBDProvisioner', 'RBDPlugin', 'CephFSProvisioner', 'CephFSPlugin', 'NFSProvisioner', 'NFSPlugin'].map(
      (driver) => ({
        ...unused(`csi.csi${driver}Resource`, 'the same list as a text, in a block scalar (|)'),
        readsText: true,
      }),
    ),
  },
  {
    chart: 'rook-ceph-cluster',
    keys: [
      key('toolbox.resources', {
        when: [off('toolbox.enabled')],
        defaults: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '1Gi' } },
      }),
      key('cephFileSystems.*.spec.metadataServer.resources'),
      key('cephObjectStores.*.spec.gateway.resources'),
    ],
  },
  {
    chart: 'loki',
    versions: { from: '18' },
    keys: [
      key('singleBinary.resources', { when: [off('singleBinary.replicas')], fallback: ['defaults', 'resources'] }),
      key('sidecar.resources', { when: [on('sidecar.rules.enabled')] }),
      key('gateway.resources', { when: [on('gateway.enabled')] }),
      key('gateway.metrics.resources', { when: [on('gateway.enabled'), on('gateway.metrics.enabled')] }),
      key('lokiCanary.resources', { when: [on('lokiCanary.enabled')] }),
      key('chunksCache.resources', { isOptional: true }),
      key('resultsCache.resources', { isOptional: true }),
      key('memcachedExporter.resources', { when: [on('memcachedExporter.enabled')], isOptional: true }),
    ],
  },
  {
    chart: 'alloy',
    versions: { from: '1' },
    keys: [
      key('alloy.resources'),
      key('configReloader.resources', {
        when: [on('configReloader.enabled')],
        defaults: { requests: { cpu: '10m', memory: '50Mi' } },
      }),
    ],
    unused: [
      unused('resources', 'alloy.resources and configReloader.resources'),
      unused('controller.resources', 'alloy.resources and configReloader.resources'),
    ],
  },
  {
    chart: 'velero',
    keys: [
      key('resources'),
      key('nodeAgent.resources', { when: [off('deployNodeAgent')] }),
      key('upgradeJobResources', { isOptional: true }),
      key('kubectl.resources', { isOptional: true }),
    ],
  },
  { chart: 'uptime-kuma', keys: [key('resources')] },
  {
    chart: 'immich',
    versions: { from: '0.10' },
    keys: [
      key('server.controllers.main.containers.main.resources', { when: [on('server.enabled')] }),
      key('machine-learning.controllers.main.containers.main.resources', { when: [on('machine-learning.enabled')] }),
      key('valkey.controllers.main.containers.main.resources', { when: [off('valkey.enabled')] }),
    ],
    unused: ['server.', 'machine-learning.', ''].map((prefix) =>
      unused(`${prefix}resources`, '{server,machine-learning,valkey}.controllers.main.containers.main.resources'),
    ),
  },
  {
    chart: 'dragonfly-operator',
    keys: [
      key('manager.resources'),
      key('rbacProxy.resources', {
        when: [on('rbacProxy.enabled')],
        defaults: { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '500m', memory: '128Mi' } },
      }),
    ],
    unused: [unused('resources', 'manager.resources and rbacProxy.resources')],
  },
  {
    chart: 'app-template',
    versions: { from: '2' },
    // Its containers are read by app-template.ts: defaults for all of them stand beside them.
    keys: [],
    unused: [unused('resources', 'controllers.<controller>.containers.<container>.resources')],
  },
  { chart: 'app-template', versions: { before: '2' }, keys: [key('resources')] },
];
