/** Task 1.1: every Kustomization and HelmRelease follows the same conventions. */
import { classOf, classes, neverUninstalled } from './lib/conventions.mjs';
import { cycles, dangling, unmetNeeds } from './lib/graph.mjs';
import { lineOf } from './lib/repository.mjs';
import { all, documented, runCheck } from './lib/verdict.mjs';

export function retries(repository) {
  const releases = repository.helmReleases();
  const kustomizations = repository.kustomizations();
  const missing = [
    ...releases.flatMap((release) => {
      const { install, upgrade } = release.object.spec;
      const installs = install?.remediation?.retries ?? 0;
      const upgrades = upgrade?.remediation?.retries ?? 0;
      return [
        installs < 0 &&
          `${lineOf(release, 'spec', 'install', 'remediation', 'retries')}: ${release.name} retries its installation for ever`,
        installs > 0 &&
          neverUninstalled.includes(release.chart) &&
          `${lineOf(release, 'spec', 'install', 'remediation')}: ${release.name} would be uninstalled between attempts, with all that depends on it`,
        upgrades < 0 &&
          `${lineOf(release, 'spec', 'upgrade', 'remediation', 'retries')}: ${release.name} retries its upgrade for ever`,
        upgrades === 0 && `${lineOf(release, 'spec', 'upgrade')}: ${release.name} has no upgrade.remediation.retries`,
      ];
    }),
    ...kustomizations.map(
      (found) =>
        !found.object.spec.retryInterval &&
        `${lineOf(found, 'spec')}: Kustomization ${found.name} has no retryInterval`,
    ),
  ].filter(Boolean);
  return {
    passed: `${releases.length} HelmReleases and ${kustomizations.length} Kustomizations retry a finite number of times`,
    missing,
  };
}

export function intervals(repository) {
  const kustomizations = repository.kustomizations().filter(({ isRoot }) => !isRoot);
  const missing = kustomizations.flatMap((found) => {
    const name = classOf(found.target);
    const { intervals: accepted } = classes[name];
    const { interval } = found.object.spec;
    if (accepted.includes(interval)) return [];
    return [
      `${lineOf(found, 'spec', 'interval')}: ${found.name} is ${name}, so its interval is ${accepted.join(' or ')}, not ${interval}`,
    ];
  });
  return { passed: `${kustomizations.length} intervals follow criticality`, missing };
}

export function health(repository) {
  const kustomizations = repository.kustomizations().filter(({ isRoot }) => !isRoot);
  const missing = kustomizations
    .filter(({ object: { spec } }) => spec.wait !== true && !spec.healthChecks?.length)
    .map(
      (found) =>
        `${lineOf(found, 'spec')}: ${found.name} is ready before its workloads are: it needs wait: true or healthChecks`,
    );
  return { passed: `${kustomizations.length} Kustomizations wait for what they apply`, missing };
}

export function dependencies(repository) {
  const kustomizations = repository.kustomizations();
  const missing = [
    ...dangling(kustomizations).map(
      ({ kustomization, dependency }) =>
        `${lineOf(kustomization, 'spec', 'dependsOn')}: ${kustomization.name} waits for ${dependency.namespace}/${dependency.name}, which does not exist`,
    ),
    ...cycles(kustomizations).map((cycle) => `kubernetes/apps: ${cycle.join(' -> ')} is a cycle`),
    ...unmetNeeds(repository).map(
      ({ kustomization, owner, file, needs }) =>
        `${lineOf(kustomization, 'spec')}: ${kustomization.name} uses ${needs} (${file}) and does not wait for ${owner.namespace}/${owner.name}`,
    ),
  ];
  const edges = kustomizations.reduce((sum, { object }) => sum + (object.spec.dependsOn?.length ?? 0), 0);
  return { passed: `${edges} dependencies lead somewhere, in no circle, and none is left out`, missing };
}

export function timeouts(repository) {
  const timed = [...repository.kustomizations(), ...repository.helmReleases()];
  const missing = timed
    .filter(({ object }) => !object.spec.timeout)
    .map((found) => `${lineOf(found, 'spec')}: ${found.kind} ${found.name} has no timeout`);
  return { passed: `${timed.length} Kustomizations and HelmReleases have a timeout`, missing };
}

const checks = { retries, intervals, health, dependencies, timeouts };
runCheck({
  ...checks,
  standards: all(...Object.values(checks), documented('docs/flux/standards.md', 'retryInterval', 'dependsOn')),
});
