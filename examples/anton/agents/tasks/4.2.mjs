/** Alloy Configuration: a DaemonSet that reads the Pods of its node and sends their lines to Loki. */
import { place, register } from '../lib/apps.mjs';

export default function deployAlloy() {
  place('4.2');
  register('monitoring', 'alloy', 'grafana');
  return {
    summary: 'Alloy on every node: parsed levels, six labels, no line twice.',
    notes: ['Alloy does not wait for Loki: it keeps trying until Loki answers, so both can land together.'],
  };
}
