/** HelmReleases: a time limit, and retries that end. */
import type { HelmRelease } from '../../gitops/flux/helm-release.js';
import type { StageWork } from '../playbook.js';
import { fieldSetting, type Setting, settingSteps } from '../set-value.js';
import type { Parameters } from './parameters.js';

export function standardReleases(releases: readonly HelmRelease[], parameters: Parameters): StageWork {
  return settingSteps(releases.flatMap((release) => settingsOf(release, parameters)));
}

const keepsCrds = 'Helm uninstalls between two attempts to install, and the CRDs and their objects would go with it';

function settingsOf({ id, object, spec, chart }: HelmRelease, parameters: Parameters): readonly Setting[] {
  const setting = (path: readonly string[], value: string | number, comment?: string): Setting =>
    fieldSetting(id, object.composed, ['spec', ...path], value, {
      after: 'interval',
      ...(comment !== undefined && { comment }),
    });
  const { slow, releaseTimeout, keepInstalled, retries } = parameters;
  const name = chart?.name ?? '';
  const installs = spec.install.retries ?? 0;
  const upgrades = spec.upgrade.retries ?? 0;
  const timeout =
    spec.timeout === undefined
      ? [setting(['timeout'], slow.charts.includes(name) ? slow.timeout : releaseTimeout)]
      : [];
  return [...timeout, ...install(), ...upgrade()];

  function install(): readonly Setting[] {
    const path = ['install', 'remediation', 'retries'];
    // With RetryOnFailure, from Flux 2.7, nothing is uninstalled and the retries of a remediation are not read.
    if (spec.install.strategy === 'RetryOnFailure') return [];
    if (keepInstalled.includes(name)) return installs === 0 ? [] : [setting(path, 0, keepsCrds)];
    return installs < 0 ? [setting(path, retries)] : [];
  }

  function upgrade(): readonly Setting[] {
    if (spec.upgrade.strategy === 'RetryOnFailure' || upgrades > 0) return [];
    const strategy =
      spec.upgrade.remediationStrategy === undefined
        ? [setting(['upgrade', 'remediation', 'strategy'], 'rollback')]
        : [];
    return [setting(['upgrade', 'remediation', 'retries'], retries), ...strategy];
  }
}
