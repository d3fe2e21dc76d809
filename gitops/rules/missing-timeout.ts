/** Nothing says how long one reconciliation may take, so that a hanging one is noticed late. */
import { durationMs, durationText } from '../flux/duration.js';
import type { FluxKustomization } from '../flux/flux-kustomization.js';
import type { HelmRelease } from '../flux/helm-release.js';
import type { FindingDraft } from '../lint/finding.js';
import type { Rule } from '../lint/rule.js';
import { objectText } from '../manifests/object-id.js';

export const missingTimeout: Rule = {
  id: 'missing-timeout',
  severity: 'warning',
  summary: 'A Kustomization or HelmRelease has no timeout.',
  layer: 'policy',
  *check({ flux }) {
    for (const kustomization of flux.kustomizations)
      if (kustomization.spec.timeout === undefined) yield finding(kustomization, ofKustomization(kustomization));
    for (const release of flux.helmReleases)
      if (!hasTimeout(release))
        yield {
          ...finding(release, 'each Helm action may take 5m, whatever the chart needs'),
          // Five minutes fit most charts.
          severity: 'info',
        };
  },
};

/** Flux's own default is the interval but for half a minute. */
function ofKustomization({ spec: { interval } }: FluxKustomization): string {
  const ms = interval === undefined ? undefined : durationMs(interval);
  const most = ms === undefined ? 'nearly its interval' : durationText(Math.max(ms - 30_000, 30_000));
  return `what hangs holds it up for ${most} (interval - 30s) before it counts as failed`;
}

function hasTimeout({ spec: { timeout, install, upgrade } }: HelmRelease): boolean {
  return timeout !== undefined || (install.timeout !== undefined && upgrade.timeout !== undefined);
}

function finding({ id, object }: FluxKustomization | HelmRelease, consequence: string): FindingDraft {
  return {
    at: object.composed.origin(['spec', 'timeout']).place,
    subject: objectText(id),
    message: `spec.timeout is not set: ${consequence}; set how long it may take`,
    key: 'timeout',
  };
}
