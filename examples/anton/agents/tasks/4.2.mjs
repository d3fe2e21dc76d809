/** Alloy Configuration: a DaemonSet that reads the Pods of its node and sends their lines to Loki. */
import { readFileSync } from 'node:fs';
import { place, register, write } from '../lib/apps.mjs';

const release = 'kubernetes/apps/monitoring/alloy/app/helmrelease.yaml';

export default function deployAlloy({ hasFeedback }) {
  place('4.2');
  register('monitoring', 'alloy', 'grafana');
  // Until somebody says so, this agent sends to the gateway of Loki's default layout, which 4.1 does not deploy.
  if (!hasFeedback)
    write(release, readFileSync(release, 'utf8').replace('//loki.monitoring.svc.cluster.local:3100', '//loki-gateway'));
  return {
    summary: 'Alloy on every node: parsed levels, six labels, no line twice.',
    notes: ['Alloy does not wait for Loki: it keeps trying until Loki answers, so both can land together.'],
  };
}
