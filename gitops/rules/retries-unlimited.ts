/** A release that is tried again for ever: it never counts as failed, so nobody is told. */
import { aboutObjects, byPlace } from '../lint/about-objects.js';
import type { Rule } from '../lint/rule.js';

export const retriesUnlimited: Rule = {
  id: 'retries-unlimited',
  severity: 'warning',
  summary: 'A HelmRelease retries a failed install or upgrade for ever.',
  layer: 'policy',
  *check({ flux }) {
    for (const action of ['install', 'upgrade'] as const) {
      const path = ['spec', action, 'remediation', 'retries'];
      const unlimited = flux.helmReleases.filter(
        // Under RetryOnFailure remediation is not used.
        ({ spec }) => (spec[action].retries ?? 0) < 0 && spec[action].strategy !== 'RetryOnFailure',
      );
      for (const { at, items } of byPlace(unlimited, ({ object }) => object.composed.origin(path).place)) {
        const { spec } = items[0];
        const undo =
          action === 'install' || spec.upgrade.remediationStrategy === 'uninstall' ? 'uninstalled' : 'rolled back';
        yield {
          at,
          subject: aboutObjects(items.map(({ id }) => id)),
          message: `${path.slice(1).join('.')} is ${spec[action].retries}: a failing ${action} is ${undo} and tried again for ever, and the release is never reported as failed for good; set a number, 3 for most`,
          key: action,
        };
      }
    }
  },
};
