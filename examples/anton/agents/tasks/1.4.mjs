/** Monitoring Enhancement: dashboards, critical alerts and service levels for what the cluster runs on. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Repository } from '../../checks/lib/repository.mjs';
import { place, template } from '../lib/apps.mjs';
import { YamlFile } from '../lib/yaml-file.mjs';

const stack = 'kubernetes/apps/monitoring/kube-prometheus-stack';
const operatorValues = 'kubernetes/apps/flux-system/flux-operator/app/helm/values.yaml';

export default function enhanceMonitoring({ hasFeedback, base }) {
  place('1.4');
  silenceTalos();
  applyConfiguration();
  // The metrics of Flux come from its operator, whose ServiceMonitor has not the label that Prometheus asks for.
  // Changing that chart's values is none of this task's business: a PodMonitor of our own reads the same port.
  if (hasFeedback) restore(operatorValues, base);
  else labelOperatorMonitor();
  return {
    summary:
      'Two dashboards, seven critical alerts and four service level indicators, in a Kustomization of their own.',
    notes: [
      'Custom resources wait in a second Kustomization until the chart has installed their definitions.',
      'Talos runs no kube-proxy and hides etcd, which made two critical alerts fire for ever: switched off.',
    ],
  };
}

function silenceTalos() {
  YamlFile.edit(`${stack}/app/helmrelease.yaml`, (file) => {
    const doc = file.documents.findIndex((_, index) => file.value(index, ['kind']) === 'HelmRelease');
    const settings = {
      kubeProxy: { enabled: false },
      kubeEtcd: { service: { selector: { component: 'kube-apiserver' } } },
    };
    for (const [key, value] of Object.entries(settings))
      file.ensure(doc, ['spec', 'values', key], value, { first: true });
  });
}

/** A second Kustomization in the stack's ks.yaml, in the namespace that is in effect for the first. */
function applyConfiguration() {
  const kustomizations = new Repository().kustomizations();
  if (kustomizations.some(({ name }) => name === 'kube-prometheus-stack-config')) return;
  const { namespace } = kustomizations.find(({ name }) => name === 'kube-prometheus-stack');
  YamlFile.edit(`${stack}/ks.yaml`, (file) =>
    file.append(template('monitoring-config-ks.yaml', { NAMESPACE: namespace })),
  );
}

function labelOperatorMonitor() {
  if (!existsSync(operatorValues)) return;
  YamlFile.edit(operatorValues, (file) =>
    file.ensure(0, ['serviceMonitor', 'labels'], { release: 'kube-prometheus-stack' }),
  );
}

function restore(path, base) {
  if (existsSync(path)) execFileSync('git', ['checkout', '--quiet', base, '--', path]);
}
