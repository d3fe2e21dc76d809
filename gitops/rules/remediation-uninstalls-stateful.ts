/** Remediation that uninstalls a release which holds state: what the chart made, claims among it, goes with it. */
import type { ActionSpec } from '../flux/helm-release-spec.js';
import type { HelmRelease } from '../flux/helm-release.js';
import { aboutObjects, byPlace } from '../lint/about-objects.js';
import type { FindingDraft } from '../lint/finding.js';
import type { Rule } from '../lint/rule.js';
import type { ObjectId } from '../manifests/object-id.js';
import { stateOf } from '../model/state-of-release.js';

export const remediationUninstallsStateful: Rule = {
  id: 'remediation-uninstalls-stateful',
  severity: 'error',
  summary: 'A failed upgrade or install of a release that holds state is remedied by uninstalling it.',
  layer: 'policy',
  *check({ flux }) {
    for (const { items } of byPlace(flux.helmReleases.flatMap(uninstalls), ({ said }) => said.at))
      yield { ...items[0].said, subject: aboutObjects(items.map(({ id }) => id)) };
  },
};

interface Uninstall {
  readonly id: ObjectId;
  readonly said: Omit<FindingDraft, 'subject'>;
}

function uninstalls({ id, object, spec, ...release }: HelmRelease): readonly Uninstall[] {
  const state = stateOf(release);
  if (!state) return [];
  const place = (...path: readonly string[]) => object.composed.origin(['spec', ...path]).place;
  const found: Uninstall['said'][] = [];
  if (spec.upgrade.remediationStrategy === 'uninstall' && isRemedied(spec.upgrade))
    found.push({
      at: place('upgrade', 'remediation', 'strategy'),
      message: `upgrade.remediation.strategy is uninstall, so that one failed upgrade uninstalls what runs: ${state.consequence}; write rollback`,
      key: 'upgrade',
    });
  // Of a first install there is nothing to lose yet, unless the data of others hangs on what it makes.
  if (isRemedied(spec.install) && state.isSharedByOthers)
    found.push({
      at: place('install', 'remediation'),
      message: `install.remediation uninstalls the release when its install has failed, before the next attempt: ${state.consequence}; set install.strategy.name: RetryOnFailure (from Flux 2.7), which tries again without, or install.remediation.retries: 0, with which a failed install waits for a person`,
      key: 'install',
      severity: 'warning',
    });
  return found.map((said) => ({ id, said }));
}

function isRemedied({ retries = 0, remediateLastFailure, strategy }: ActionSpec): boolean {
  return strategy !== 'RetryOnFailure' && (retries !== 0 || remediateLastFailure === true);
}
