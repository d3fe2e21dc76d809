/** HelmReleases: a time limit, and retries that end. */
import type { HelmRelease } from '../../gitops/flux/helm-release.js';
import { byPlace } from '../../gitops/lint/about-objects.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import { stateOf } from '../../gitops/model/state-of-release.js';
import type { StageWork } from '../playbook.js';
import { fieldSetting, joinWork, type Setting, settingSteps } from '../set-value.js';
import type { Parameters } from './parameters.js';

export function standardReleases(releases: readonly HelmRelease[], parameters: Parameters): StageWork {
  const settings = releases.flatMap((release) => [
    ...timeoutOf(release, parameters),
    ...installOf(release, parameters),
  ]);
  // What one of them is given by a patch, the retries of their document would set off.
  const documents = byPlace(releases, ({ object }) => object.composed.root.place).map(({ items }) => items);
  const held = documents.filter((items) => items.some(wouldUninstall));
  const others = documents.filter((items) => !held.includes(items)).flat();
  return joinWork([
    settingSteps([...settings, ...others.flatMap((release) => upgradeOf(release, parameters))]),
    ...held.map((items) => rolledBack(items, parameters)),
  ]);
}

function setting({ id, object }: HelmRelease, path: readonly string[], value: string | number, comment?: string) {
  return fieldSetting(id, object.composed, ['spec', ...path], value, {
    after: 'interval',
    ...(comment !== undefined && { comment }),
  });
}

function timeoutOf(release: HelmRelease, parameters: Parameters): readonly Setting[] {
  return release.spec.timeout === undefined ? [setting(release, ['timeout'], timeLimitOf(release, parameters))] : [];
}

/** Its own, or the one that it gets. */
export function timeLimitOf({ spec, chart }: HelmRelease, { slow, releaseTimeout }: Parameters): string {
  return spec.timeout ?? (slow.charts.includes(chart?.name ?? '') ? slow.timeout : releaseTimeout);
}

const keepsCrds = 'Helm uninstalls between two attempts to install, and the CRDs and their objects would go with it';

function installOf(release: HelmRelease, { keepInstalled, retries }: Parameters): readonly Setting[] {
  const { spec, chart } = release;
  const path = ['install', 'remediation', 'retries'];
  const installs = spec.install.retries ?? 0;
  // With RetryOnFailure, from Flux 2.7, nothing is uninstalled and the retries of a remediation are not read.
  if (spec.install.strategy === 'RetryOnFailure') return [];
  if (keepInstalled.includes(chart?.name ?? '')) return installs === 0 ? [] : [setting(release, path, 0, keepsCrds)];
  return installs < 0 ? [setting(release, path, retries)] : [];
}

const strategyPath = ['upgrade', 'remediation', 'strategy'];
const retriesPath = ['upgrade', 'remediation', 'retries'];

function upgradeOf(release: HelmRelease, { retries }: Parameters): readonly Setting[] {
  if (hasUpgradeRetries(release)) return [];
  const { remediationStrategy } = release.spec.upgrade;
  const strategy = remediationStrategy === undefined ? [setting(release, strategyPath, 'rollback')] : [];
  return [setting(release, retriesPath, retries), ...strategy];
}

function hasUpgradeRetries({ spec: { upgrade } }: HelmRelease): boolean {
  return upgrade.strategy === 'RetryOnFailure' || (upgrade.retries ?? 0) > 0;
}

/**
 * Without retries its strategy is not carried out; with them one failed upgrade would take away all that the chart made.
 * Whether that holds data the files do not always tell, so it is the same for every release.
 */
function wouldUninstall(release: HelmRelease): boolean {
  const { remediationStrategy = 'rollback' } = release.spec.upgrade;
  return remediationStrategy !== 'rollback' && !hasUpgradeRetries(release);
}

/** Rollback first and retries in the same step: never the one without the other. */
function rolledBack(ofDocument: readonly HelmRelease[], { retries }: Parameters): StageWork {
  const { steps, notes } = settingSteps(
    ofDocument.flatMap((release) => [
      setting(release, strategyPath, 'rollback'),
      setting(release, retriesPath, retries),
    ]),
  );
  const [first] = steps;
  if (!first || notes.length > 0)
    return { steps: [], notes: [...ofDocument.filter(wouldUninstall).map(left), ...notes] };
  const edits = steps.flatMap(({ change }) => (change.kind === 'edit' ? change.edits : []));
  return {
    steps: [{ ...first, what: steps.map(({ what }) => what).join(' and '), change: { kind: 'edit', edits } }],
    notes,
  };
}

function left(release: HelmRelease): string {
  const state = stateOf(release);
  const what = `${objectText(release.id)}: upgrades that are tried again would uninstall it`;
  return `${what}${state ? `: ${state.consequence}` : ''}; the retries of its document are left`;
}
