/** After a failure a Kustomization without a retryInterval waits its whole interval. */
import { durationMs } from '../flux/duration.js';
import type { Rule } from '../lint/rule.js';
import { objectText } from '../manifests/object-id.js';

/** Longer than this a person does not wait for a second try. */
const longIntervalMs = 10 * 60_000;

export const missingRetryInterval: Rule = {
  id: 'missing-retry-interval',
  severity: 'warning',
  summary: 'A Kustomization has no retryInterval.',
  layer: 'policy',
  *check({ flux }) {
    for (const { id, object, spec } of flux.kustomizations) {
      if (spec.retryInterval !== undefined) continue;
      const intervalMs = durationMs(spec.interval ?? '');
      yield {
        at: object.composed.origin(['spec', 'retryInterval']).place,
        subject: objectText(id),
        message: `spec.retryInterval is not set: after a failure it waits its interval, ${spec.interval ?? 'which is not set either'}, before it tries again; set 2m`,
        key: 'retryInterval',
        ...(intervalMs !== undefined && intervalMs <= longIntervalMs && { severity: 'info' }),
      };
    }
  },
};
